import SimulatedDisk

/// Plays the whole story once without faults: where each chapter starts, and how many calls it makes.
actor Rehearsal {
    static let shared = Rehearsal()

    struct Problem: Error, CustomStringConvertible { var description: String }

    private struct Played: Sendable {
        var start: Scene
        var counts: [Machine: [UInt32: UInt64]]
    }
    private var task: Task<[String: Played], any Error>?

    func playing(_ chapter: Chapter) async throws -> Playing {
        Playing(chapter: chapter, scene: try await played(chapter).start)
    }

    func callCount(_ chapter: Chapter, _ machine: Machine, _ calls: SimulatedDisk.Calls) async throws -> UInt64 {
        let counts = try await played(chapter).counts[machine]!
        return (0..<32).reduce(0) { sum, bit in
            calls.rawValue >> bit & 1 == 1 ? sum + (counts[1 << UInt32(bit)] ?? 0) : sum
        }
    }

    private func played(_ chapter: Chapter) async throws -> Played {
        if task == nil { task = Task { try await Self.play() } }
        return try await task!.value[chapter.name]!
    }

    private static func play() async throws -> [String: Played] {
        var scene = Scene.beginning(isPowersafe: true)
        var ends: [String: Scene] = [:]
        var result: [String: Played] = [:]
        for chapter in Story.chapters {
            chapter.prepare(&scene, ends)
            let start = scene.copy()
            let (world, problems) = try await Playing(chapter: chapter, scene: start).rehearse()
            if !problems.isEmpty { throw Problem(description: "\(chapter): \(problems)") }
            var counts: [Machine: [UInt32: UInt64]] = [:]
            for machine in Machine.allCases {
                for bit in 0..<11 as Range<UInt32> {
                    counts[machine, default: [:]][1 << bit] =
                        world.disk(machine).callCount(of: SimulatedDisk.Calls(rawValue: 1 << bit))
                }
            }
            result[chapter.name] = Played(start: start, counts: counts)
            world.stopAll()
            for machine in Machine.allCases { world.disk(machine).flush() }
            scene = world.end()
            ends[chapter.name] = scene
        }
        return result
    }
}
