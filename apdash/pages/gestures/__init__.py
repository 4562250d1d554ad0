"""Gestures: a small button, a dialog, a command. Each page declares its own; one dialog serves them all."""

from apdash.pages.gestures.buttons import small_button
from apdash.pages.gestures.dialog import dialog, register
from apdash.pages.gestures.form import Fields, Form, Gesture, Maker
from apdash.pages.gestures.ids import opens

__all__ = ["Fields", "Form", "Gesture", "Maker", "dialog", "opens", "register", "small_button"]
