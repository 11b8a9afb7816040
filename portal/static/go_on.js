// Goes on to the form by itself; without this script it is one press.
document.querySelector("#go-on form").submit();
