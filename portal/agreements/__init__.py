"""Class rules (samværsregler) and parent agreements (forældreaftaler): one text each per class, renewed every year."""
