import Commands
import JSON

/// A value of an answer in a table.
func shown(_ value: JSONValue?, absent: String = "-") -> String {
    switch value {
    case .string(let text): text
    case .some(.null), nil: absent
    case .some(let other): other.text
    }
}

/// A time, to the second.
func moment(_ value: JSONValue?, absent: String = "-") -> String {
    guard let text = value?.string else { return absent }
    return String(text.prefix(19)).replacing("T", with: " ")
}

/// The argument `ID` of 32 hexadecimal digits.
func identifier(_ context: CommandContext, _ action: String) throws(CommandFailure) -> String {
    let id = try context.require("ID")
    guard id.utf8.count == 32, id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
        throw .wrongUsage("an id has 32 hexadecimal digits", action: action)
    }
    return id
}

/// Says that something was done.
func finish(_ text: String, _ answer: JSONValue, _ context: CommandContext) {
    if context.flag("json") { context.output.write(answer) } else { context.output.note(text) }
}
