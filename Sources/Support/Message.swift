/// Something to be said, in whichever language it is asked for.
public indirect enum Message: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// The same in every language: a number, a name, a word of a command line.
    case text(String)
    /// A key of a program's texts, and what is filled in there for `{name}`.
    case words(_ key: String, [String: Message] = [:])

    public init(stringLiteral text: String) { self = .text(text) }

    /// In the language of the texts; a key that they do not have stands as it is.
    /// - Parameter texts: the text of a key; nil where there is none.
    public func said(_ texts: (_ key: String) -> String?) -> String {
        switch self {
        case .text(let text): text
        case .words(let key, let values): Self.fill(texts(key) ?? key, values, texts)
        }
    }

    /// What a key's text says beside the one under the key itself: `KEY.do`; nil where there is none.
    public func said(behind ending: String, _ texts: (_ key: String) -> String?) -> String? {
        guard case .words(let key, let values) = self else { return nil }
        return texts(key + ending).map { Self.fill($0, values, texts) }
    }

    private static func fill(_ text: String, _ values: [String: Message], _ texts: (_ key: String) -> String?) -> String
    {
        var text = text
        for (name, value) in values { text.replace("{\(name)}", with: value.said(texts)) }
        return text
    }
}
