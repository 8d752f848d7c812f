import Simulation
@main enum Main {
    static func main() async {
        let a = CommandLine.arguments
        let from = UInt64(a[1])!, to = UInt64(a[2])!
        for seed in from...to {
            do {
                let o = try Simulation(Script(seed: seed), keepsTrace: a.count > 3).run()
                for l in o.trace { print(l) }
                if let v = o.violation { print(seed, v) }
                if a.count > 3 { print(o.traceHash, o.requests, o.writes) }
            } catch { print(error) }
        }
    }
}
