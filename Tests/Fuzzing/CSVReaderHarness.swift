import Casework

/// The reader of case logs alone, which is far faster than an import: its records and their lines are those of an
/// implementation of its own, up to a quote that is not closed as it should be.
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
                guard let record = try reader.record() else { break }
                try hold(count < expected?.count ?? .max, "there are more records than there should be")
                if let reference = expected?[count] {
                    try hold(reference.line == record.line, "a record begins on another line")
                    try hold(reference.fields == record.fields, "a record is read differently")
                    try hold(reference.isMalformed == record.isMalformed, "a quote is judged differently")
                }
            } catch let error as CaseworkError where error.code == .badFile {
                return try hold(expected == nil, "a quote that is closed is said not to be")
            }
            count += 1
        }
        try hold(count == expected?.count, "not all records are read")
    }
}
