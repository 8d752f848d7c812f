import Casework
import Commands

/// The file that an import puts bad rows into, made when there is one. It never replaces a file: somebody may be
/// correcting the rows of an earlier one.
final class RejectsFile {
    private let input: String
    private let given: String?
    private var file: NewFile?
    private(set) var path: String?

    /// - Parameters:
    ///   - input: the file that is imported; `-` for standard input.
    ///   - given: the path to use; nil for one beside the input.
    init(input: String, given: String?) {
        self.input = input
        self.given = given
    }

    func append(_ row: ImportBadRow) throws {
        if file == nil { try open(header: row.header) }
        try file?.write(row.bytes + [UInt8(ascii: "\n")])
    }

    func close() throws { try file?.close() }

    private func open(header: [UInt8]) throws {
        if let given {
            file = try NewFile.new(given)
            path = given
        } else {
            let stem = input == "-" ? "import" : input.hasSuffix(".csv") ? String(input.dropLast(4)) : input
            var number = 1
            while file == nil {
                let name = stem + (number == 1 ? "" : "-\(number)") + ".rejects.csv"
                file = try NewFile.ifAbsent(name)
                path = name
                number += 1
            }
        }
        try file?.write(header + [UInt8(ascii: "\n")])
    }
}
