/// The header fields and query parameters of one request, in one piece of memory.
///
/// Two allocations hold them all and strings are made only for the values asked for, so that a request costs the
/// same whether a client sends three headers or thirty.
struct HeadFields: Sendable {
    enum Kind: UInt8 {
        case header
        case query
    }

    private struct Entry {
        let kind: Kind
        let nameStart: UInt32
        let valueStart: UInt32
        let valueEnd: UInt32
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Whether the name of a header holds white space or other bytes no name may hold.
    private(set) var hasMalformedName = false

    init() {
        // What browsers and curl send for a small request fits.
        bytes.reserveCapacity(384)
        entries.reserveCapacity(8)
    }

    mutating func append(_ kind: Kind, name: some Sequence<UInt8>, value: some Sequence<UInt8>) {
        let nameStart = UInt32(bytes.count)
        bytes.append(contentsOf: name)
        let valueStart = UInt32(bytes.count)
        if kind == .header, bytes[Int(nameStart)...].contains(where: { $0 <= 0x20 || $0 >= 0x7F }) {
            hasMalformedName = true
        }
        bytes.append(contentsOf: value)
        entries.append(
            Entry(kind: kind, nameStart: nameStart, valueStart: valueStart, valueEnd: UInt32(bytes.count)))
    }

    func first(_ kind: Kind, named name: String, trimmed: Bool = false) -> String? {
        guard let entry = entries.first(where: { matches($0, kind, name) }) else { return nil }
        var value = bytes[Int(entry.valueStart)..<Int(entry.valueEnd)]
        if trimmed {
            value = value.drop(while: isWhiteSpace)
            while let last = value.last, isWhiteSpace(last) {
                value.removeLast()
            }
        }
        return String(decoding: value, as: UTF8.self)
    }

    func all(_ kind: Kind) -> [(name: String, value: String)] {
        entries.filter { $0.kind == kind }.map { entry in
            let name = bytes[Int(entry.nameStart)..<Int(entry.valueStart)]
            let value = bytes[Int(entry.valueStart)..<Int(entry.valueEnd)]
            return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }

    func count(_ kind: Kind, named name: String) -> Int {
        entries.count { matches($0, kind, name) }
    }

    private func matches(_ entry: Entry, _ kind: Kind, _ name: String) -> Bool {
        guard entry.kind == kind, Int(entry.valueStart - entry.nameStart) == name.utf8.count else { return false }
        var index = Int(entry.nameStart)
        for byte in name.utf8 {
            let equal = kind == .header ? lowercased(bytes[index]) == lowercased(byte) : bytes[index] == byte
            guard equal else { return false }
            index += 1
        }
        return true
    }

    private func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }

    private func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
