import Foundation
import JSON
import Merge
import SyncProtocol
import Testing

/// The files of `Protocol/vectors`, and how what is in them is written.
enum Vectors {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Protocol/vectors")

    /// `LUGN_UPDATE_VECTORS=1` writes the vectors anew.
    static let isUpdating = ProcessInfo.processInfo.environment["LUGN_UPDATE_VECTORS"] == "1"

    /// Compares a file with what the code does.
    static func check(_ name: String, _ document: JSONValue) throws {
        let file = folder.appendingPathComponent(name)
        let text = document.indentedText + "\n"
        if isUpdating { try text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name) differs from what the code does")
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> JSONValue { .string(hexadecimalText(bytes)) }
    /// 64-bit numbers are text: many readers of JSON would round them.
    static func number(_ value: UInt64) -> JSONValue { .string(String(value)) }
    static func id(_ id: RecordID) -> JSONValue { .string(id.description.replacing("-", with: "")) }
    static func sum(_ value: UInt128) -> JSONValue { .string(Fingerprint(value: value).description) }

    /// `[[dot, fields], …]`
    static func json(_ replaced: ReplacedDots) -> JSONValue {
        .array(replaced.elements.map { [number($0.dot.rawValue), number($0.fields.rawValue)] })
    }

    /// `[time, dot, fields, [[dot, fields], …]]`
    static func json(_ entry: RecordState.Entry) -> JSONValue {
        [
            number(entry.stamp.time.rawValue), number(entry.stamp.dot.rawValue), number(entry.fields.rawValue),
            json(entry.replaced),
        ]
    }
}

extension RecordState.Entry {
    /// A change of small numbers.
    init(_ time: UInt64, _ dot: UInt64, _ fields: UInt64, _ replaced: [(UInt64, UInt64)] = []) {
        var dots = ReplacedDots()
        for (dot, fields) in replaced { dots.insert(Dot(rawValue: dot), fields: FieldMask(rawValue: fields)) }
        self.init(
            stamp: Stamp(time: HybridTimestamp(rawValue: time), dot: Dot(rawValue: dot)),
            fields: FieldMask(rawValue: fields), replaced: dots)
    }
}
