import CWords
import JSON
public import Support

/// The words of the interface in one language: what the schema's choices are called, and the sentences around them.
///
/// They stand in `Sources/CWords/sv.json` and `en.json`, which have the same keys. A choice's word is under its topic,
/// `caller.relative`; in a sentence, `{day}` is filled in.
public struct Words: Sendable {
    public enum Language: String, Choice {
        case swedish = "sv"
        case english = "en"
        public static let topic = "language of the program"
    }

    public let language: Language
    private let texts: [String: String]

    public init(_ language: Language) {
        self.language = language
        texts = language == .swedish ? Self.swedish : Self.english
    }

    /// The text of a key, filled in; the key itself where there is none.
    public func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        var text = texts[key] ?? key
        for (name, value) in values { text.replace("{\(name)}", with: value) }
        return text
    }

    /// The text of a key as it stands; nil where there is none.
    @Sendable public func text(_ key: String) -> String? { texts[key] }

    /// The text of a key of the command line: as above, and under `choice.`, a topic and a word of the schema what is to be typed
    /// for it; `choice.caller.relative` is `anhörig`.
    @Sendable public func commandText(_ key: String) -> String? {
        guard key.hasPrefix("choice.") else { return texts[key] }
        let parts = key.split(separator: ".", maxSplits: 2).map(String.init)
        guard parts.count == 3 else { return nil }
        return TypedWords.short(parts[2], topic: parts[1], self)
    }

    /// A message in this language.
    public func callAsFunction(_ message: Message) -> String { message.said(text) }

    /// What a word of the schema is called. One that only a newer version knows stands as it is.
    public func label(_ topic: String, _ word: String) -> String { texts["\(topic).\(word)"] ?? word }

    /// As above; nil for nil.
    public func label(_ topic: String, _ word: String?) -> String? { word.map { label(topic, $0) } }

    public var keys: Set<String> { Set(texts.keys) }

    /// Of all keys that begin with the topic and a dot: what follows, and the text.
    func entries(_ topic: String) -> [(word: String, text: String)] {
        texts.compactMap { key, text in
            key.hasPrefix(topic + ".") ? (String(key.dropFirst(topic.count + 1)), text) : nil
        }
    }

    private static let swedish = unsafe read(UnsafeBufferPointer(start: lugn_words_sv(), count: lugn_words_sv_count()))
    private static let english = unsafe read(UnsafeBufferPointer(start: lugn_words_en(), count: lugn_words_en_count()))

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> [String: String] {
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        do {
            guard case .object(let members) = try JSONValue(parsing: text) else {
                preconditionFailure("the words are an object")
            }
            return members.reduce(into: [:]) { $0[$1.name] = $1.value.string }
        } catch {
            preconditionFailure("the words that were compiled in are JSON: \(error)")
        }
    }
}
