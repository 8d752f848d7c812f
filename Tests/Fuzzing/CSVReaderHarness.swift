import Casework

/// The reader of case logs alone, which is far faster than an import: its records and their lines are those of an
/// implementation of its own, up to a quote that never ends; a record that is no text is refused, and no other.
enum CSVReaderHarness {
    static func run(_ bytes: [UInt8]) throws {
        var offset = 0
        var reader = CSVReader {
            guard offset < bytes.count else { return nil }
            defer { offset += 1 }
            return bytes[offset]
        }
        let expected = CSVReference.records(bytes)
        var count = 0
        while true {
            do {
                guard let fields = try reader.record() else { break }
                try hold(count < expected?.count ?? .max, "there are more records than there should be")
                if let record = expected?[count] {
                    try hold(record.line == reader.line, "a record begins on another line")
                    try hold(
                        record.fields.elementsEqual(fields) { $0.elementsEqual($1.utf8) },
                        "a record is read differently")
                }
            } catch let error as CaseworkError where error.code == .badFile {
                return try hold(expected == nil, "a quote that ends is said not to")
            } catch let error as CaseworkError where error.code == .badText {
                guard let expected else { continue }
                try hold(count < expected.count, "there are more records than there should be")
                try hold(
                    expected[count].fields.contains { String(validating: $0, as: UTF8.self) == nil },
                    "a record of text is said to be none")
            }
            count += 1
        }
        try hold(count == expected?.count, "not all records are read")
    }
}
