"""Every shortcut reaches the page from within a text, whatever the browser does with it elsewhere."""

import time

from call_scenarios import start_call


def shortcuts(desk):
    """All that the list of keys has, as press() takes them; what locks comes last."""
    desk.script("document.querySelectorAll('.rail .me button')[2].click()")
    desk.until(lambda: desk.exists("dialog .keyrow"), "the list of keys")
    names = desk.script("return [...document.querySelectorAll('dialog .keyrow kbd')].map((e) => e.textContent)")
    desk.press("Escape")
    desk.until(lambda: not desk.exists("dialog"), "the list is closed")
    keys = [name.replace("⇧", "Shift").split(" ") for name in names if name.startswith(("Alt ", "Ctrl "))]
    return sorted([[one if len(one) > 1 else one.lower() for one in key] for key in keys], key=lambda key: key == ["Alt", "p"])


def back_to_the_call(desk):
    """Whatever a key has opened; true once the call has been there for a moment."""
    time.sleep(0.2)
    if desk.script("return document.querySelector('dialog') !== null"):
        desk.press("Escape")
    elif not desk.exists("#text"):
        desk.press("Alt", "0")
    else:
        return True
    return False


def every_shortcut_reaches_the_page(line, desk):
    start_call(desk, "Ett samtal.")
    keys = shortcuts(desk)
    assert len(keys) > 20, keys
    desk.script("window.addEventListener('keydown', (event) => { window.lastKey = event; }, true)")
    for key in keys:
        desk.script("document.getElementById('text')?.focus(); window.lastKey = null")
        desk.press(*key)
        taken = desk.script("return window.lastKey && window.lastKey.defaultPrevented")
        assert taken, f"{' '.join(key)} did not reach the page, or the browser does something else too"
        if key == ["Alt", "p"]:
            break
        desk.until(lambda: back_to_the_call(desk), "the call again")
    assert desk.script("return location.href === location.origin + '/'")
    return f"{len(keys)} shortcuts"


def keys_without_ctrl_and_alt_can_be_switched_off(line, desk):
    desk.press("Alt", "Shift", "5")
    desk.sees("Läget", "h1")
    desk.script("document.getElementById('work').focus()")
    desk.press("?")
    desk.sees("Alla tangenter", "dialog")
    desk.script("document.querySelector('dialog input[type=checkbox]').click()")
    desk.press("Escape")
    desk.until(lambda: not desk.exists("dialog"), "closed")
    time.sleep(0.3)
    desk.script("document.getElementById('work').focus()")
    desk.press("?")
    time.sleep(0.3)
    assert not desk.exists("dialog"), "it is switched off"


TESTS = [every_shortcut_reaches_the_page, keys_without_ctrl_and_alt_can_be_switched_off]
