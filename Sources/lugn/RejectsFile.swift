import Casework
import Commands

/// The file that an import puts refused rows into. It keeps one name, and takes the place of the one of an earlier import when
/// all of it is written: also where that one is what was imported, with its rows mended in part.
final class RejectsFile {
    let path: String
    private var file: NewFile?
    /// Rows in it.
    private(set) var count = 0

    /// So that spreadsheets know it for UTF-8.
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let ending = ".rejects.csv"

    /// - Parameters:
    ///   - input: the file that is imported; `-` for standard input.
    ///   - given: the path to use; nil for one beside the input.
    init(input: String, given: String?) {
        if let given {
            path = given
        } else if input == "-" {
            path = "import" + Self.ending
        } else if input.hasSuffix(Self.ending) {
            path = input
        } else {
            path = (input.hasSuffix(".csv") ? String(input.dropLast(4)) : input) + Self.ending
        }
    }

    func append(_ row: ImportBadRow) throws {
        let lineFeed: [UInt8] = [0x0A]
        if file == nil {
            let new = try NewFile.replacing(path)
            try new.write(Self.mark + row.header + lineFeed)
            file = new
        }
        try file?.write(row.bytes + lineFeed)
        count += 1
    }

    func close() throws { try file?.close() }
}
