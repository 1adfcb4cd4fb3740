import EventLog
import Postgres

extension Questions {
  /// How files and decoders go together.
  package struct Check: Sendable {
    /// What they do not agree on: such questions fail whenever they are asked.
    package var faults: [QuestionFault] = []
    /// Files that ask a read model, or another beside it, that nobody has built yet.
    package var unbuilt: [String] = []
  }

  /// Prepares each question's file on the database, and holds what the server says of its parameters and columns against the question.
  /// Runs none of them. Throws `PostgresError` when the database can't be asked.
  package func check() async throws -> Check {
    await places.lookIfUnsettled(log.pool)
    return try await log.pool.withConnection { connection in
      var check = Check()
      for kind in QuestionList.all {
        do { try await Self.check(kind, try text(of: kind), on: connection) } catch let fault as QuestionFault {
          check.faults.append(fault)
        } catch let error as PostgresError where error.isOfAbsentReadModel {
          check.unbuilt.append("\(kind.file)")
        } catch let error as PostgresError where error.kind == .server {
          // A read model of another release, or a mistake in the file.
          check.faults.append(QuestionFault(file: kind.file, reason: "can't be prepared: \(error.message)"))
        }
      }
      return check
    }
  }

  private static nonisolated(nonsending) func check(
    _ kind: any Question.Type, _ text: String, on connection: Connection
  ) async throws {
    try kind.check(against: try await connection.describe(text))
  }
}

extension Question {
  /// Throws ``QuestionFault`` for the first parameter or column that is not as the question has it.
  static func check(against description: StatementDescription) throws {
    let given = sample.parameters.map { PostgresType(sentAs: $0.parameter.type) }
    guard given.count == description.parameters.count else {
      throw QuestionFault(
        file: file, reason: "found \(description.parameters.count) parameters, wanted \(given.count)")
    }
    for (index, (given, oid)) in zip(given, description.parameters).enumerated() where given.oid != oid {
      throw QuestionFault(file: file, reason: "$\(index + 1): found \(PostgresType(oid: oid)), wanted \(given)")
    }
    _ = try answer(AnswerRow(QuestionProbe(file, description)))
  }
}

extension PostgresType {
  /// Strings leave their type to the statement, where all of a question's are text.
  fileprivate init(sentAs oid: UInt32) { self = oid == 0 ? .text : PostgresType(oid: oid) }
}

extension PostgresError {
  /// A table or a schema is not there: no projector has built the read model yet.
  var isOfAbsentReadModel: Bool { ["42P01", "3F000"].contains(sqlState) }
}
