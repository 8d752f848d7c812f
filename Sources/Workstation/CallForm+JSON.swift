public import JSON

/// As it is kept in the drafts' file and sent to the page: one object, every member optional when read.
extension CallForm {
    public var json: JSONValue {
        [
            "subject": .string(subject.rawValue), "quoted": .string(quoted), "isNumberGiven": .bool(isNumberGiven),
            "channel": .string(channel), "language": .string(language), "interpreting": .string(interpreting),
            "caller": .string(caller), "concerns": .array(concerns.map { .string($0) }), "age": .string(age),
            "child": .string(child), "request": .string(request), "text": .string(text),
            "nextStep": .string(nextStep), "promise": .string(promise), "promiseDay": .string(promiseDay),
            "research": .string(research), "followUpDay": .string(followUpDay), "reopens": .bool(reopens),
            "marks": .object(
                marks.sorted { $0.key < $1.key }.map {
                    JSONMember($0.key, .array($0.value.map { .string($0) }))
                }),
        ]
    }

    private static let words: [(name: String, path: any (WritableKeyPath<CallForm, String> & Sendable))] = [
        ("quoted", \.quoted), ("channel", \.channel), ("language", \.language), ("interpreting", \.interpreting),
        ("caller", \.caller), ("age", \.age), ("child", \.child), ("request", \.request),
        ("promiseDay", \.promiseDay), ("research", \.research), ("followUpDay", \.followUpDay),
    ]
    private static let texts: [(name: String, path: any (WritableKeyPath<CallForm, String> & Sendable))] = [
        ("text", \.text), ("nextStep", \.nextStep), ("promise", \.promise),
    ]
    private static let flags: [(name: String, path: any (WritableKeyPath<CallForm, Bool> & Sendable))] = [
        ("isNumberGiven", \.isNumberGiven), ("reopens", \.reopens),
    ]

    /// The longest word, and the longest text, in bytes. A text may be longer than a note, so that nothing is lost while
    /// it is written; it cannot be saved as a note before it is shorter.
    static let wordBytes = 200
    static let textBytes = 256 << 10

    /// Takes over what is given. A text is given whole, or as an edit of what is here: `{"at", "remove", "insert"}` in
    /// UTF-16 units, which is small enough to be sent while a page is being left.
    ///
    /// - Returns: false where something does not fit, and then nothing was changed.
    public mutating func take(_ changes: JSONValue) -> Bool {
        var new = self
        for (name, path) in Self.words {
            guard let value = changes[name] else { continue }
            guard let word = value.string, word.utf8.count <= Self.wordBytes else { return false }
            new[keyPath: path] = word
        }
        for (name, path) in Self.texts {
            guard let value = changes[name] else { continue }
            guard let text = Self.text(value, before: self[keyPath: path]), text.utf8.count <= Self.textBytes else {
                return false
            }
            new[keyPath: path] = text
        }
        for (name, path) in Self.flags {
            guard let value = changes[name] else { continue }
            guard let flag = value.bool else { return false }
            new[keyPath: path] = flag
        }
        guard new.takeLists(changes) else { return false }
        self = new
        return true
    }

    private mutating func takeLists(_ changes: JSONValue) -> Bool {
        if let value = changes["subject"] {
            guard let subject = value.string.flatMap(Subject.init(rawValue:)) else { return false }
            self.subject = subject
        }
        if let value = changes["concerns"] {
            guard let words = value.array?.map(\.string), words.count <= 16, words.allSatisfy({ $0 != nil }) else {
                return false
            }
            concerns = words.compactMap { $0 }
        }
        if let value = changes["marks"] {
            guard case .object(let members) = value, members.count <= 8 else { return false }
            var marks: [String: [String]] = [:]
            for member in members {
                guard let list = member.value.array?.map(\.string), list.count <= 200,
                    list.allSatisfy({ ($0?.utf8.count ?? .max) <= Self.wordBytes })
                else { return false }
                marks[member.name] = list.compactMap { $0 }
            }
            self.marks = marks
        }
        return true
    }

    private static func text(_ value: JSONValue, before: String) -> String? {
        if let text = value.string { return text }
        let units = Array(before.utf16)
        guard let at = value["at"]?.integer, let remove = value["remove"]?.integer,
            let insert = value["insert"]?.string,
            at >= 0, remove >= 0, at <= units.count, remove <= Int64(units.count) - at
        else { return nil }
        let start = Int(at)
        let changed = units[..<start] + Array(insert.utf16) + units[(start + Int(remove))...]
        return String(decoding: changed, as: UTF16.self)
    }
}
