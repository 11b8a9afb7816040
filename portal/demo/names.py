"""Made-up names for the demo school, mixed as in a Danish school: people of one origin share first and last names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """The names of one origin, and how many in a hundred families have it."""

    share: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DANISH = Names(
    share=78,
    girls=_words(
        "Ida Emma Sofia Ella Freja Josefine Clara Karla Anna Alma Agnes Luna Laura Isabella Nora Ellie Lily Asta "
        "Olivia Liva Maja Aya Mathilde Vigga Merle Filippa Lærke Naja Astrid Frida Sofie Signe Mille Rosa Caroline "
        "Johanne Ea Tilde Esther Silje Marie Andrea Vilma Bertha Dagmar Sara Victoria Liv Saga Thea"
    ),
    boys=_words(
        "William Noah Oscar Carl Oliver Emil Valdemar August Victor Malthe Alfred Arthur Lucas Elias Aksel Magnus "
        "Otto Villads Felix Anton Viggo Johan Liam Theo Storm Konrad Frederik Nohr Hugo Albert Sebastian Christian "
        "Philip Mikkel Asger Bertram Laurits Bo Sigurd Thor Adam Marius Vilhelm Loui Jonathan Anker Holger Birk "
        "Gustav Søren"
    ),
    women=_words(
        "Mette Anne Camilla Louise Maria Lene Tina Charlotte Pernille Rikke Trine Line Katrine Stine Sofie Cecilie "
        "Julie Ditte Maiken Signe Heidi Sanne Gitte Helle Malene Kristine Nanna Birgitte Marlene Susanne Karina "
        "Maja Ida Sara Laura Tanja Betina Mie Jeanette Lotte Karoline Astrid Bodil Dorte Ulla Åse"
    ),
    men=_words(
        "Jonas Peter Jens Lars Michael Thomas Martin Henrik Morten Kasper Rasmus Mads Anders Christian Søren "
        "Jesper Nikolaj Mikkel Simon Jakob Brian Claus Allan Kim Kristian Jan Steffen Torben Daniel Jacob Kenneth "
        "Bjarke Esben Frank Ole Frederik Emil Mathias Tobias Christoffer Troels Ulrik Jørgen Bjørn Palle"
    ),
    surnames=_words(
        "Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen "
        "Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen Mikkelsen "
        "Frederiksen Laursen Lund Schmidt Eriksen Holm Clausen Simonsen Svendsen Andreasen Iversen Dahl Juul Kjær "
        "Bak Toft Bang Krogh Friis Vestergaard Nørgaard Østergaard Skov Bech Dam Munk Kruse Winther Lauritsen Berg "
        "Bruun Ravn Damgaard"
    ),
)

OTHERS = (
    Names(
        share=5,
        girls=_words("Yasmin Amina Maryam Noor Fatima Salma Aisha Zahra Leila Hanan"),
        boys=_words("Mohammed Ahmad Omar Yusuf Ali Hamza Ibrahim Bilal Zakaria Idris"),
        women=_words("Fatima Khadija Amal Samira Hanan Rania Huda Nadia Iman Zeinab"),
        men=_words("Mohammed Ahmad Khaled Hassan Mustafa Omar Tarek Mahmoud Abdullah Samir"),
        surnames=_words("Hassan Ali Ahmad Hussein Abdi Mahmoud Saleh Khalil Yusuf Mansour"),
    ),
    Names(
        share=4,
        girls=_words("Elif Zeynep Defne Ecrin Selin Melis Azra Dilara"),
        boys=_words("Yusuf Emir Kerem Deniz Can Mert Baran Arda"),
        women=_words("Ayşe Fatma Elif Emine Gülsen Sevgi Derya Yasemin"),
        men=_words("Mehmet Mustafa Murat Ahmet Emre Hakan Serkan Ismail"),
        surnames=_words("Yılmaz Kaya Demir Çelik Şahin Öztürk Aydın Arslan"),
    ),
    Names(
        share=4,
        girls=_words("Zofia Julia Hanna Lena Maja Oliwia Pola"),
        boys=_words("Jakub Antoni Szymon Jan Filip Kacper Leon"),
        women=_words("Anna Katarzyna Agnieszka Małgorzata Monika Ewa Magdalena"),
        men=_words("Piotr Krzysztof Tomasz Paweł Marcin Łukasz Michał"),
        surnames=_words("Nowak Wójcik Kowalczyk Mazur Krawczyk Zając Król Wieczorek"),
    ),
    Names(
        share=4,
        girls=_words("Anastasiia Daryna Sofiia Polina Solomiia Zlata"),
        boys=_words("Oleksandr Maksym Artem Danylo Tymofii Mark"),
        women=_words("Olena Nataliia Iryna Tetiana Oksana Yuliia"),
        men=_words("Andrii Serhii Volodymyr Dmytro Ivan Oleh"),
        surnames=_words("Shevchenko Kovalenko Bondarenko Tkachenko Melnyk Koval Marchenko"),
    ),
    Names(
        share=3,
        girls=_words("Linh An Mai Thao Lan My"),
        boys=_words("Minh Nam Khoa Bao Long Anh"),
        women=_words("Huong Thuy Lan Hoa Phuong Ngoc"),
        men=_words("Hung Tuan Dung Thanh Quang Hai"),
        surnames=_words("Nguyen Tran Le Pham Hoang Vo"),
    ),
    Names(
        share=2,
        girls=_words("Ananya Diya Saanvi Abirami Kavya"),
        boys=_words("Arjun Aarav Rohan Karthik Nilan"),
        women=_words("Priya Lakshmi Anjali Meena Vani"),
        men=_words("Rajesh Suresh Anand Kumar Vijay"),
        surnames=_words("Sharma Patel Kumar Sivakumar Nair Rao"),
    ),
)
