/// The kinds of misfortune that a simulation may use. Each run draws anew which of them it really uses, and how often.
public struct Faults: OptionSet, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Requests and answers are lost, doubled, late, cut and garbled; other machines answer in the server's place.
    public static let network = Faults(rawValue: 1 << 0)
    /// Some computers cannot reach the server for a while.
    public static let partitions = Faults(rawValue: 1 << 1)
    /// Processes die, of workstations and of the server.
    public static let crashes = Faults(rawValue: 1 << 2)
    /// Clocks jump, drift and stand still.
    public static let clocks = Faults(rawValue: 1 << 3)
    /// Workstations are copied and used beside the original, or put back to a backup.
    public static let copies = Faults(rawValue: 1 << 4)
    /// The server's file is put back to a backup.
    public static let restores = Faults(rawValue: 1 << 5)
    /// Workstations have different schemas and are upgraded one by one.
    public static let schemas = Faults(rawValue: 1 << 6)
    /// Commits that the server can never take.
    public static let refusals = Faults(rawValue: 1 << 7)
    /// Records are erased while others edit them.
    public static let erasures = Faults(rawValue: 1 << 8)

    /// The power fails, in the middle of whatever a disk is doing.
    public static let power = Faults(rawValue: 1 << 10)
    /// Disks fill up for a while.
    public static let fullDisks = Faults(rawValue: 1 << 11)
    /// Rows are changed or lost on disks, at the server or at a workstation.
    public static let damage = Faults(rawValue: 1 << 12)
    /// Copies and restores in one run. Without it a run that draws both keeps one of them.
    public static let together = Faults(rawValue: 1 << 9)

    /// All that a line must live through.
    public static let usual: Faults = [
        .network, .partitions, .crashes, .clocks, .copies, .restores, .together, .schemas, .refusals, .erasures, .power,
        .fullDisks, .damage,
    ]
    public static let all: Faults = .usual

    /// In order of declaration, with the names that command lines use.
    public static let named: [(name: String, fault: Faults)] = [
        ("network", .network), ("partitions", .partitions), ("crashes", .crashes), ("clocks", .clocks),
        ("copies", .copies), ("restores", .restores), ("schemas", .schemas), ("refusals", .refusals),
        ("erasures", .erasures), ("power", .power), ("fullDisks", .fullDisks), ("together", .together),
        ("damage", .damage),
    ]

    /// From names separated by commas, `usual` or `all`; nil if one of them is none.
    public init?(names: String) {
        self = []
        for name in names.split(separator: ",") {
            if name == "all" {
                formUnion(.all)
            } else if name == "usual" {
                formUnion(.usual)
            } else if let (_, fault) = Self.named.first(where: { $0.name == name }) {
                formUnion(fault)
            } else {
                return nil
            }
        }
    }

    public var names: String { Self.named.filter { contains($0.fault) }.map(\.name).joined(separator: ",") }
}
