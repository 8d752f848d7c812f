/// Words compared as people mean them.
enum PlainText {
    /// The small letters and digits of a text, without what stands between them: `Dals-Ed` and `dals ed` are the same.
    static func letters(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
}
