import Casework

/// A reference number as people type it: what is accepted is a number whose digits are those that were typed, and which
/// reads the same when it is written; a refusal does not repeat what was typed.
enum ReferenceHarness {
    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        try number(text)
        try reference(text)
    }

    private static func number(_ text: String) throws {
        do {
            let number = try ReferenceNumber(parsing: text)
            let typed = text.unicodeScalars.filter { ("0"..."9").contains($0) }
            try hold(String(String.UnicodeScalarView(typed)) == number.digits, "the number has other digits than typed")
            try hold(try ReferenceNumber(parsing: number.description) == number, "a number reads differently")
            try hold(ReferenceNumber(digits: number.digits) == number, "a number's digits read differently")
            try hold([7, 9, 10, 11].contains(number.digits.utf8.count), "a number has another length")
        } catch let error as CaseworkError {
            try refused(error, text)
        }
    }

    private static func reference(_ text: String) throws {
        do {
            let reference = try CaseReference(parsing: text)
            try hold(try CaseReference(parsing: reference.description) == reference, "a reference reads differently")
            if let ending = reference.idEnding {
                let isPlain = ending.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
                try hold(ending.utf8.count == 8 && isPlain, "an id's ending is not eight hexadecimal digits")
            }
        } catch let error as CaseworkError {
            try refused(error, text)
        }
    }

    private static func refused(_ error: CaseworkError, _ text: String) throws {
        try hold(error.code == .mistypedNumber || error.code == .badValue, "a number is refused for another reason")
        // Seven digits may well stand in a message's example; what a person typed may not.
        let isRepeated = text.utf8.count > 12 && error.message.contains(text)
        try hold(!isRepeated, "a refusal repeats what was typed")
    }
}
