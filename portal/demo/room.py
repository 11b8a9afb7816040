"""What the made-up school gives to the application; its pages are there in demo mode only (`create_app`)."""

from portal.demo.commands import demo_command
from portal.room import Room

ROOM = Room("demo", commands=(demo_command,))
