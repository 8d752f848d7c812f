#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Compares a program's help texts with files, so that a change of help is seen in review.
///
/// Here and not in one test target, because the tests of all programs of this package use it.
package enum HelpSnapshots {
    /// Compares, or rewrites the files when `LUGN_UPDATE_SNAPSHOTS=1`.
    ///
    /// - Parameter folder: where the files are; made when missing. One file a text, `lugn-case-new.txt`.
    /// - Returns: one sentence for each difference; empty when all is as it should be.
    package static func differences(
        of program: Program, folder: String, update: Bool = Environment.value("LUGN_UPDATE_SNAPSHOTS") == "1"
    ) -> [String] {
        var differences: [String] = []
        if update { _ = unsafe mkdir(folder, 0o777) }
        for (path, text) in program.helpTexts() {
            let name = ([program.name] + path.split(separator: " ").map(String.init)).joined(separator: "-") + ".txt"
            if update {
                if !write(text, to: folder + "/" + name) { differences.append("\(name) cannot be written") }
            } else if let stored = read(folder + "/" + name) {
                if stored != text { differences.append("\(name) differs: \(firstDifference(stored, text)). \(hint)") }
            } else {
                differences.append("\(name) is missing. \(hint)")
            }
        }
        return differences
    }

    private static let hint =
        "If the new help is right, run the test with LUGN_UPDATE_SNAPSHOTS=1 and commit the files."

    private static func firstDifference(_ stored: String, _ text: String) -> String {
        let old = stored.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
        let oldLine = index < old.count ? "'\(old[index])'" : "nothing"
        let newLine = index < new.count ? "'\(new[index])'" : "nothing"
        return "line \(index + 1) was \(oldLine) and is \(newLine)"
    }

    private static func read(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            if count == 0 { return String(decoding: content, as: UTF8.self) }
            content += chunk[..<count]
        }
    }

    private static func write(_ text: String, to path: String) -> Bool {
        guard let file = unsafe fopen(path, "w") else { return false }
        let bytes = Array(text.utf8)
        let written = unsafe fwrite(bytes, 1, bytes.count, file)
        return unsafe fclose(file) == 0 && written == bytes.count
    }
}
