/// A property of something that reads bytes from elsewhere, checked for the bytes that a fuzzer makes up.
///
/// The same check runs under libFuzzer and, over the committed corpus, in the test suite. A check throws ``Violation``
/// where the bytes break the property; anything else that it throws is a failure of the harness.
public struct Harness: Sendable {
    /// How it is asked for, and what its folder of the corpus is called.
    public let name: String
    /// Sets up what the check needs, once for any number of inputs.
    public let start: @Sendable () async throws -> Check

    public enum Check: Sendable {
        case immediate(@Sendable ([UInt8]) throws -> Void)
        case suspending(@Sendable ([UInt8]) async throws -> Void)
    }

    private init(_ name: String, _ check: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        start = { .immediate(check) }
    }

    private init(_ name: String, starting start: @escaping @Sendable () async throws -> Check) {
        self.name = name
        self.start = start
    }

    public static let all: [Harness] = [
        Harness("cbor", CBORHarness.run), Harness("messages", MessagesHarness.run),
        Harness("sealing", SealingHarness.run), Harness("invitation", InvitationHarness.run),
        Harness("devicekeys", DeviceKeysHarness.run), Harness("reference", ReferenceHarness.run),
        Harness("identifiers", IdentifiersHarness.run), Harness("stamps", StampsHarness.run),
        Harness("json", JSONHarness.run), Harness("csvreader", CSVReaderHarness.run),
        Harness("guard", GuardHarness.run),
        Harness("csv") {
            let harness = try CSVHarness(.caseLog)
            return .immediate { try harness.run($0) }
        },
        Harness("directory") {
            let harness = try CSVHarness(.directory)
            return .immediate { try harness.run($0) }
        },
        Harness("jsonimport") {
            let harness = try JSONImportHarness()
            return .immediate { try harness.run($0) }
        },
        Harness("session") {
            let harness = try await SessionHarness()
            return .suspending { try await harness.run($0) }
        },
    ]

    public static func named(_ name: String) -> Harness? { all.first { $0.name == name } }
}
