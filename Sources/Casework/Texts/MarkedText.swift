/// A text that is to be saved, with what of it a counsellor has marked as no personal data.
///
/// ```swift
/// try casework.addNote(number, "Talked for an hour.", by: author)
/// try casework.addNote(number, MarkedText(text, notPersonalData: ["phone@23"]), by: author)
/// ```
public struct MarkedText: Sendable, ExpressibleByStringLiteral {
    /// As it is kept: see ``Swift/String/normalForm``.
    public let text: String
    /// `KIND@PLACE`, as the refusal of the text named them.
    public var notPersonalData: [String]

    public init(_ text: String, notPersonalData: [String] = []) {
        self.text = text.normalForm
        self.notPersonalData = notPersonalData
    }

    public init(stringLiteral text: String) { self.init(text) }
}
