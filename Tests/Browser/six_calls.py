"""Six calls such as the helplines report, each from greeting to the end by keyboard alone."""

from call_scenarios import end_call, start_call

# Caller, concerns, Enter, age, child, request: as the questions stand beside the text.
PARENT = {
    "text": "Förälder till en pojke som är 16. Han går på möten i en högerextrem grupp och har slutat med hockeyn. Grälar hemma om musik och flaggor.",
    "keys": ["1", "3", "Enter", "1", "2", "2"], "next": "Förälderna bjuder in sonens lagkamrat till helgen.", "research": ["1"],
    "caller": "relative", "concerns": ["rightWing"], "age": "under18", "request": "advice"}
SIBLING = {
    "text": "Storasyster till en kvinna som är 20 och har bytt umgänge. Hon talar bara om det som är förbjudet. Systern vill inte säga något hemma.",
    "keys": ["1", "2", "Enter", "2", "2", "1"], "next": "Hon ringer själv och berättar hur samtalet gick.", "research": ["2", "om en vecka"],
    "caller": "relative", "concerns": ["religious"], "age": "18-21", "request": "conversation"}
TEACHER = {
    "text": "Lärare på ett gymnasium. Två elever delar filmer med våld och säger att demokratin är slut. Vill veta hur man talar med klassen.",
    "keys": ["2", "1", "3", "Enter", "5", "2", "3"], "next": "Läraren talar med elevhälsan innan lektionen.", "research": ["3"],
    "caller": "external", "concerns": ["general", "rightWing"], "age": None, "request": "knowledge"}
SCHOOL_HEALTH = {
    "text": "Kurator i elevhälsan, med en familj där ett barn på 14 har slutat komma till skolan. Familjen följer en predikant på nätet.",
    "keys": ["2", "2", "Enter", "1", "2", "4"], "next": "Kuratorn bjuder in föräldrarna till ett möte.", "research": ["1"],
    "caller": "external", "concerns": ["religious"], "age": "under18", "request": "referral"}
LEAVING = {
    "text": "Har varit med i en grupp i fyra år och vill lämna. Är rädd för de andra och har ingen annanstans att bo.",
    "keys": ["3", "3", "Enter", "3", "2", "4"], "next": "Vi tar reda på vem som hjälper den som vill lämna.", "research": ["2", "fredag"],
    "caller": "involved", "concerns": ["rightWing"], "age": "22-25", "request": "referral"}
CAMP = {
    "text": "Förälder till en vuxen dotter som ska åka på träningsläger utomlands. Hon säger att hon ska hjälpa till. Föräldern har hittat biljetten.",
    "keys": ["1", "2", "Enter", "2", "2", "2"], "next": "Föräldern talar med henne i kväll, lugnt.", "research": ["1"],
    "caller": "relative", "concerns": ["religious"], "age": "18-21", "request": "advice"}


def take(desk, call):
    """The whole call; what the page has saved is compared with what was said. Returns the number and the keystrokes."""
    number = start_call(desk, call["text"])
    desk.press("Alt", "k")
    for key in call["keys"]:
        desk.press(key)
    desk.press("Alt", "v")
    desk.type(call["next"])
    desk.press("Alt", "r")
    desk.press(call["research"][0])
    if len(call["research"]) > 1:
        desk.until(lambda: desk.exists("#follow-day"), "the day")
        desk.press("Tab")
        desk.type(call["research"][1])
        desk.until(lambda: desk.script("return document.querySelector('fieldset [role=status]').textContent !== ''"), "the day is read")
    desk.press("Alt", "u")
    strokes = desk.strokes + 1
    end_call(desk, number)
    shown = desk.command("case", "show", number)
    assert (shown["caller"], shown["concerns"], shown["age"]) == (call["caller"], call["concerns"], call["age"]), shown
    assert shown["contacts"][0]["request"] == call["request"], shown["contacts"]
    texts = [note["text"] for note in shown["notes"]]
    assert call["text"] in texts and call["next"] in texts, texts
    return number, strokes


def six_calls(line, desk):
    line.run(desk.folder, "directory", "add", "Ungdomsmottagningen", "--area", "Örebro län", "--ages", "13-25")
    most = 0
    for call in [PARENT, SIBLING, TEACHER, SCHOOL_HEALTH, LEAVING, CAMP]:
        number, strokes = take(desk, call)
        most = max(most, strokes)
        if call is PARENT:
            # A child's case: the assessment is made, and there are four attempts.
            desk.sees("4 försök, för att det rör ett barn.", ".side")
            desk.script("[...document.querySelectorAll('.checks button')][0].click()")
            desk.sees("Bedömning gjord i dag av S1.", ".side")
        elif call is SCHOOL_HEALTH:
            refer(desk, number)
        elif call is LEAVING:
            # It is promised to find out, and kept.
            desk.press("Alt", "l")
            desk.sees("Lova något", "dialog")
            desk.type("Fråga två stödlinjer vem som hjälper.")
            desk.script("document.querySelector('#writing-day').focus()")
            desk.type("i morgon")
            desk.press("Ctrl", "s")
            desk.sees("Fråga två stödlinjer", ".side")
        elif call is CAMP:
            # Rings again the same evening, and it is time to close.
            desk.press("Alt", "n")
            desk.sees("Har ringt förut. Numret stämmer.")
            desk.type("Dottern stannar hemma. De har talat hela kvällen.")
            desk.press("Alt", "c")
            desk.sees("Varför stängs det?", "dialog")
            desk.press("1")
            desk.until(lambda: desk.text("h1") == number and "Stängt" in desk.text(".head"), "the case is closed", 15)
            desk.sees("dokumentförstöraren")
    desk.press("Alt", "Shift", "1")
    desk.sees("Ta ett samtal")
    assert len(desk.command("case", "list")) == 6
    return f"at most {most} keystrokes beside the texts"


def refer(desk, number):
    """Nobody is referred where nobody has called: the gate, its first way out, and the referral."""
    desk.press("Alt", "v")
    desk.sees("Vem söker ni?", "dialog")
    desk.type("14 örebro ungdoms")
    desk.sees("Ungdomsmottagningen", "dialog")
    desk.press("Enter")
    desk.sees("vi skickar aldrig någon dit vi inte själva har ringt", "dialog")
    desk.press("1")
    desk.until(lambda: desk.script("return document.querySelector('dialog input[name=way]') !== null"), "how")
    desk.press("1")
    desk.sees("Ungdomsmottagningen", "main")
    assert desk.command("case", "show", number)["referrals"][0]["organisation"] == "Ungdomsmottagningen"


TESTS = [six_calls]
