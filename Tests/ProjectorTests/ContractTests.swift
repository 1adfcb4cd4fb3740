import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

/// What Projections/README.md asks of every folder.
@Suite(.timeLimit(.whatHangs)) struct ContractTests {
  private static let all = (try? Projection.all(in: projectionsFolder)) ?? []

  /// A .sql file without its comments.
  private static func sql(_ projection: Projection, _ file: String) throws -> String {
    let url = projectionsFolder.appending(path: "\(projection.name)/\(file)")
    return try String(contentsOf: url, encoding: .utf8).replacing(/--.*/, with: "")
  }

  @Test func thereAreProjections() throws { #expect(!(try Projection.all(in: projectionsFolder)).isEmpty) }

  @Test(arguments: all) func rowsComeOfEventsAloneNotOfAClockOrDice(projection: Projection) throws {
    let foreign =
      /(?i)\b(now|random|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|gen_random_uuid|current_setting)\s*\(|\b(current_date|current_time|current_timestamp|localtime|localtimestamp)\b/
    for file in ["schema.sql", "apply.sql"] {
      let found = try Self.sql(projection, file).firstMatch(of: foreign)
      #expect(found == nil, "\(projection.name)/\(file): \(found?.0 ?? "")")
    }
  }

  /// Another model is anywhere along the log, and a schema's name is another one while it is rebuilt.
  @Test(arguments: all) func theyReadTheLogAndThemselves(projection: Projection) throws {
    for file in ["schema.sql", "apply.sql"] {
      let text = try Self.sql(projection, file)
      for other in Self.all {
        let named = try Regex("\\b(FROM|JOIN|INTO|UPDATE|USING)\\s+\(other.name)\\.[a-z_]+").ignoresCase()
        #expect(text.firstMatch(of: named) == nil, "\(projection.name)/\(file) names schema \(other.name)")
      }
      let table = /(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+log\.[a-z_]+\b(?!\s*\()/
      let found = text.firstMatch(of: table)
      #expect(found == nil, "\(projection.name)/\(file) reads the log's end: \(found?.0 ?? "")")
    }
  }

  @Test func everyTableLeadsItsKeyWithTheShardAndNothingIsBoundToTheLog() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        for projection in Self.all {
          let tables = try await test.owner.query(
            "SELECT name, key[1] AS first FROM projector.tables(\(projection.name))")
          #expect(!tables.isEmpty)
          for table in tables {
            let (name, first) = (try table.decode("name", as: String.self), try table.decode("first", as: String?.self))
            #expect(first == "shard", "\(projection.name).\(name)")
          }
        }
        let bound = try await test.owner.query(Self.bound).map { try $0.decode("what", as: String.self) }
        #expect(bound == [])
      }
    }
  }

  /// What outside of schema `log` depends on its functions, views and types: a migration that makes those anew would take it along.
  private static let bound: Query = """
    WITH made AS (
      SELECT 'pg_proc'::regclass AS class, p.oid FROM pg_proc AS p WHERE p.pronamespace = 'log'::regnamespace
      UNION ALL
      SELECT 'pg_class'::regclass, c.oid FROM pg_class AS c WHERE c.relnamespace = 'log'::regnamespace AND c.relkind IN ('v', 'c')
      UNION ALL
      SELECT 'pg_type'::regclass, t.oid FROM pg_type AS t WHERE t.typnamespace = 'log'::regnamespace AND t.typtype = 'c'
        AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind IN ('v', 'c'))
    )
    SELECT pg_describe_object(d.classid, d.objid, d.objsubid) AS what
    FROM made AS m
    JOIN pg_depend AS d ON d.refclassid = m.class AND d.refobjid = m.oid AND d.deptype = 'n'
    WHERE NOT pg_describe_object(d.classid, d.objid, d.objsubid) ~ '\\mlog\\.'
    """

  /// So that whoever looks for a number finds it.
  @Test(arguments: all) func theReadmeNamesEveryTableAndQuery(projection: Projection) async throws {
    let folder = projectionsFolder.appending(path: projection.name)
    let readme = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
    let queries = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "queries").path)
      .filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }
    let tables = try Self.sql(projection, "schema.sql").matches(
      of: /(?:CREATE TABLE |log.create_series\(\s*')([a-z_]+)/
    ).map { String($0.1) }
    for name in queries + tables { #expect(readme.contains("`\(name)`"), "\(projection.name): \(name)") }
  }

  @Test func theProjectorKnowsNoneByName() throws {
    let sources = projectionsFolder.deletingLastPathComponent().appending(path: "Sources")
    for target in ["EventLog", "Projector"] {
      let folder = sources.appending(path: target)
      for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        for projection in Self.all {
          #expect(!text.contains("\"\(projection.name)\""), "\(target)/\(file) names \(projection.name)")
        }
      }
    }
  }
}

extension Projection: CustomTestStringConvertible {
  package var testDescription: String { name }
}
