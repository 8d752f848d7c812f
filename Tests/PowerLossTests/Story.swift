import Merge
import Replica
import SimulatedDisk
import TestSupport

/// A part of a story: what happens from switching on to switching off.
struct Chapter: Sendable, CustomStringConvertible {
    var name: String
    /// Makes the scene that it starts from out of the one before it, and the ends of all earlier chapters.
    var prepare: @Sendable (inout Scene, [String: Scene]) -> Void = { _, _ in }
    var play: @Sendable (World) async throws -> Void
    /// Data are lost or copied on purpose, so that syncs may tell of it.
    var isDisaster = false
    var description: String { name }
}

/// All that a line does with its disks, in chapters: each is played with every fault, from the end of the one before.
enum Story {
    static let soil = Field<String>(9, "soil")
    static let upgradedPlants = CollectionSchema.records(
        1, "plants",
        fields: [
            Garden.name, Garden.height, Garden.price, Garden.isPerennial, Garden.planted, Garden.seen, Garden.photo,
            Garden.neighbour, soil,
        ])

    static func schema(version: UInt64) -> Schema {
        version == 1 ? Garden.schema : Schema(version: 2, [upgradedPlants, Garden.remarks, Garden.leaves])
    }

    static let chapters = [founding, work, exchange, conflict, erasure, upgrade, restoredServer, copiedDesk]

    static let founding = Chapter(
        name: "founding",
        play: { world in
            for machine in Machine.allCases { try await world.switchOn(machine) }
            try await world.found()
            try await world.join()
        })

    static let work = Chapter(
        name: "work",
        play: { world in
            try await world.switchOn(.first)
            var oak: RecordID?
            try await world.write(.first) { tx, ledger in
                oak = try tx.insert("oak by the gate", &ledger)
                try tx.note("a tall one", below: oak!, &ledger)
            }
            try await world.write(.first) { tx, ledger in
                try tx.insert("birch, with a long name that " + String(repeating: "goes on ", count: 700), &ledger)
            }
            if let oak { try await world.write(.first) { try $0.rename(oak, "oak by the gate", to: "old oak", &$1) } }
            world.stop(.first)
            try await world.switchOn(.first)
            try await world.write(.first) { try $0.insert("fir", &$1) }
        })

    static let exchange = Chapter(
        name: "exchange",
        play: { world in
            for machine in Machine.allCases { try await world.switchOn(machine) }
            try await world.write(.second) { try $0.insert("elm", &$1) }
            for desk in [Machine.first, .second, .first] { try await world.sync(desk) }
        })

    static let conflict = Chapter(
        name: "conflict",
        play: { world in
            for machine in Machine.allCases { try await world.switchOn(machine) }
            guard let elm = world.ledger.record(of: "elm") else { return }
            try await world.write(.first) { try $0.rename(elm, "elm", to: "wych elm", &$1) }
            try await world.write(.second) { try $0.rename(elm, "elm", to: "field elm", &$1) }
            for desk in [Machine.first, .second, .first] { try await world.sync(desk) }
            try await world.write(.second) { try $0.rename(elm, "wych elm", "field elm", to: "white elm", &$1) }
            for desk in [Machine.second, .first] { try await world.sync(desk) }
        })

    static let erasure = Chapter(
        name: "erasure",
        play: { world in
            for machine in Machine.allCases { try await world.switchOn(machine) }
            guard let oak = world.ledger.record(of: "oak by the gate") else { return }
            try await world.write(.second) { try $0.note("hollow", below: oak, &$1) }
            try await world.write(.first) { try $0.eraseAll(oak, &$1) }
            try await world.write(.first) { try $0.insert("yew", &$1) }
            for desk in [Machine.first, .second, .first] { try await world.sync(desk) }
        })

    static let upgrade = Chapter(
        name: "upgrade",
        play: { world in
            for machine in Machine.allCases { try await world.switchOn(machine) }
            guard let fir = world.ledger.record(of: "fir") else { return }
            world.upgrade(.second, to: 2)
            try await world.switchOn(.second)
            try await world.write(.second) { tx, ledger in
                ledger.writes.append(.init(machine: .second, record: fir, value: "soil=sand", replaces: []))
                try tx.update(upgradedPlants, fir) { $0[soil] = "sand" }
            }
            for desk in [Machine.second, .first] { try await world.sync(desk) }
            world.upgrade(.first, to: 2)
            try await world.switchOn(.first)
            try await world.sync(.first)
        })

    /// The server's disk is put back to where it stood after the exchange.
    static let restoredServer = Chapter(
        name: "restored server",
        prepare: { scene, ends in scene.disks[.server] = ends["exchange"]!.disks[.server]! },
        play: { world in
            for machine in Machine.allCases { try await world.switchOn(machine) }
            try await world.write(.second) { try $0.insert("unsent", &$1) }
            for desk in [Machine.first, .second, .first] { try await world.sync(desk) }
        },
        isDisaster: true)

    /// The second workstation's disk is a copy of the first one's, and so are its keys.
    static let copiedDesk = Chapter(
        name: "copied desk",
        prepare: { scene, _ in
            scene.disks[.second] = scene.disks[.first]!
            scene.keys[.second] = scene.keys[.first]!
        },
        play: { world in
            for machine in Machine.allCases { try await world.switchOn(machine) }
            try await world.write(.first) { try $0.insert("of the one", &$1) }
            try await world.write(.second) { try $0.insert("of its copy", &$1) }
            for desk in [Machine.first, .second, .first] { try await world.sync(desk) }
        },
        isDisaster: true)
}
