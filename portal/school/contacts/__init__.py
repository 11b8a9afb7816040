"""The class list: what guardians let the homes of a class see of them."""
