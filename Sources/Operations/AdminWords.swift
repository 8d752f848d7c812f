import CAdminWords
import JSON

/// The words of the operators' program and page in one language: `Sources/CAdminWords/en.json` and `sv.json`, with the same keys.
public struct AdminWords: Sendable {
    public enum Language: String, CaseIterable, Sendable {
        case swedish = "sv"
        case english = "en"
    }

    public let language: Language
    private let texts: [String: String]

    public init(_ language: Language) {
        self.language = language
        texts = language == .swedish ? Self.swedish : Self.english
    }

    /// The text of a key, filled in; the key itself where there is none.
    public func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        var text = texts[values["count"] == "1" && texts[key + ".one"] != nil ? key + ".one" : key] ?? key
        for (name, value) in values { text.replace("{\(name)}", with: value) }
        return text
    }

    public var keys: Set<String> { Set(texts.keys) }

    /// The text of a key as it stands; nil where there is none.
    public func text(_ key: String) -> String? { texts[key] }

    /// As a module of the page: the file as it stands, exported.
    public static func module(_ language: Language) -> [UInt8] {
        Array("export default ".utf8) + bytes(language) + Array(";\n".utf8)
    }

    private static let swedish = read(.swedish)
    private static let english = read(.english)

    private static func bytes(_ language: Language) -> [UInt8] {
        switch language {
        case .swedish:
            unsafe Array(UnsafeBufferPointer(start: lugn_admin_words_sv(), count: lugn_admin_words_sv_count()))
        case .english:
            unsafe Array(UnsafeBufferPointer(start: lugn_admin_words_en(), count: lugn_admin_words_en_count()))
        }
    }

    private static func read(_ language: Language) -> [String: String] {
        do {
            guard case .object(let members) = try JSONValue(parsing: bytes(language)) else {
                preconditionFailure("the words are no object")
            }
            return Dictionary(
                members.map { ($0.name, $0.value.string ?? "") }, uniquingKeysWith: { first, _ in first })
        } catch {
            preconditionFailure("the words cannot be read: \(error)")
        }
    }
}
