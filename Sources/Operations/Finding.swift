public import JSON

/// Something that is wrong, and what an operator does about it. The sentences stand in `Sources/CAdminWords` under `finding.KEY` and
/// `finding.KEY.do`.
public struct Finding: Sendable {
    /// Where: `server`, a line's name, or a workstation.
    public var place: String
    /// The line's and the workstation's id, where it is about one.
    public var line: String?
    public var device: String?
    public var key: String
    public var values: [String: String]

    public init(_ place: String, _ key: String, _ values: [String: String] = [:]) {
        self.place = place
        self.key = key
        self.values = values
    }

    public func fault(_ words: AdminWords) -> String { words("finding." + key, values) }
    public func mend(_ words: AdminWords) -> String { words("finding." + key + ".do", values) }

    public func place(_ words: AdminWords) -> String { place == "server" ? words("place.server") : place }

    /// For people at a terminal.
    public func spoken(_ words: AdminWords) -> JSONValue {
        ["place": .string(place(words)), "fault": .string(fault(words)), "mend": .string(mend(words))]
    }

    /// For the page, which has the words itself.
    public var json: JSONValue {
        [
            "place": .string(place), "line": line.map { .string($0) } ?? nil,
            "device": device.map { .string($0) } ?? nil, "key": .string(key),
            "values": .object(values.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }),
        ]
    }
}
