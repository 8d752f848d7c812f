import Foundation

/// `openssl s_server` on a free port of 127.0.0.1, with a certificate of its own.
struct TLSServer {
    let port: UInt16
    let certificateFile: String
    let pin: String
    private let directory: URL
    private let process: Process
    private let input: Pipe

    var url: String { "https://127.0.0.1:\(port)/" }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        let certificate = directory.appendingPathComponent("certificate.pem").path
        let key = directory.appendingPathComponent("key.pem").path
        _ = try Self.output([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ])
        let publicKey = try Self.output(["pkey", "-in", key, "-pubout", "-outform", "DER"])
        let keyFile = directory.appendingPathComponent("public.der")
        try publicKey.write(to: keyFile)
        let digest = try Self.output(["dgst", "-sha256", "-binary", keyFile.path])
        pin = "sha256//" + digest.base64EncodedString()
        certificateFile = certificate

        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www",
        ]
        let output = Pipe()
        input = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It prints "ACCEPT 127.0.0.1:port" once it listens.
        var text = ""
        var found: UInt16?
        while found == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw CocoaError(.fileReadUnknown) }
            text += String(decoding: data, as: UTF8.self)
            if let start = text.range(of: "ACCEPT 127.0.0.1:"),
                let end = text[start.upperBound...].firstIndex(of: "\n")
            {
                found = UInt16(text[start.upperBound..<end])
            }
        }
        port = found ?? 0
    }

    func stop() throws {
        process.terminate()
        process.waitUntilExit()
        try FileManager.default.removeItem(at: directory)
    }

    private static func output(_ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
        return data
    }
}
