package import Domain
import Foundation
package import Postgres

/// What a column can be read as, and of which types it then may be. Stricter than the decoder: text can be read from any type, and a
/// number from a smaller one, but a question means one.
protocol ColumnValue: PostgresDecodable {
  static var columnTypes: [PostgresType] { get }
  /// Stands for any value in a probe.
  static var sample: Self { get }
}

/// A type of the database, by its oid, which never changes for those built in (pg_type.dat).
struct PostgresType: Sendable, Hashable {
  let oid: UInt32

  static let bigint = PostgresType(oid: 20)
  static let boolean = PostgresType(oid: 16)
  static let bytea = PostgresType(oid: 17)
  static let integer = PostgresType(oid: 23)
  static let jsonb = PostgresType(oid: 3802)
  static let numeric = PostgresType(oid: 1700)
  static let text = PostgresType(oid: 25)
  static let texts = PostgresType(oid: 1009)
  static let timestamptz = PostgresType(oid: 1184)
  static let uuid = PostgresType(oid: 2950)
  static let uuids = PostgresType(oid: 2951)
}

extension PostgresType: CustomStringConvertible {
  private static let names: [PostgresType: String] = [
    .bigint: "bigint", .boolean: "boolean", .integer: "integer", .jsonb: "jsonb", .numeric: "numeric", .text: "text",
    .texts: "text[]", .timestamptz: "timestamptz", .uuid: "uuid", .uuids: "uuid[]",
  ]

  var description: String { Self.names[self] ?? "the type of oid \(oid)" }
}

extension Bool: ColumnValue {
  static var columnTypes: [PostgresType] { [.boolean] }
  static var sample: Bool { false }
}

extension Int32: ColumnValue {
  static var columnTypes: [PostgresType] { [.integer] }
  static var sample: Int32 { 0 }
}

extension Int64: ColumnValue {
  static var columnTypes: [PostgresType] { [.bigint] }
  static var sample: Int64 { 0 }
}

extension String: ColumnValue {
  static var columnTypes: [PostgresType] { [.text] }
  static var sample: String { "" }
}

extension [String]: ColumnValue {
  static var columnTypes: [PostgresType] { [.texts] }
  static var sample: [String] { [] }
}

extension UUID: ColumnValue {
  static var columnTypes: [PostgresType] { [.uuid] }
  static var sample: UUID { UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) }
}

extension Instant: ColumnValue {
  static var columnTypes: [PostgresType] { [.timestamptz] }
  static var sample: Instant { .epoch }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
  static var columnTypes: [PostgresType] { Wrapped.columnTypes }
  static var sample: Wrapped? { .some(Wrapped.sample) }
}

/// A decimal as the database computed it, to the last digit.
struct DecimalText: ColumnValue {
  let text: String

  static var columnTypes: [PostgresType] { [.numeric] }
  static var sample: DecimalText { DecimalText(text: "0") }
  static func decode(_ cell: Cell) throws -> DecimalText { DecimalText(text: try String.decode(cell)) }
}

extension JSONB: ColumnValue {
  static var columnTypes: [PostgresType] { [.jsonb] }
  static var sample: JSONB { JSONB("[]") }
}

extension TrafficCell: ColumnValue {
  static var columnTypes: [PostgresType] { [.bytea] }
  static var sample: TrafficCell { TrafficCell() }
  package static func decode(_ cell: Cell) throws -> TrafficCell { try TrafficCell(bytes: .decode(cell)) }
}

extension CellSeries: ColumnValue {
  static var columnTypes: [PostgresType] { [.bytea] }
  static var sample: CellSeries { CellSeries() }
  package static func decode(_ cell: Cell) throws -> CellSeries { try CellSeries(bytes: .decode(cell)) }
}

extension BatchPlaces: ColumnValue {
  static var columnTypes: [PostgresType] { [.bytea] }
  static var sample: BatchPlaces { BatchPlaces() }
  package static func decode(_ cell: Cell) throws -> BatchPlaces { BatchPlaces(bytes: try .decode(cell)) }
}

extension Bytes: ColumnValue {
  static var columnTypes: [PostgresType] { [.bytea] }
  static var sample: Bytes { Bytes([]) }
}

extension LabelRanks: ColumnValue {
  static var columnTypes: [PostgresType] { [.bytea] }
  static var sample: LabelRanks { LabelRanks() }
  package static func decode(_ cell: Cell) throws -> LabelRanks { try LabelRanks(bytes: .decode(cell)) }
}

/// How many requests each quarter of an hour has, of cells that hold more.
struct QuarterCalls: ColumnValue {
  private let quarters: [(place: Int, calls: Int64)]

  static var columnTypes: [PostgresType] { [.bytea] }
  static var sample: QuarterCalls { QuarterCalls(quarters: []) }
  static func decode(_ cell: Cell) throws -> QuarterCalls {
    QuarterCalls(quarters: try CellSeries.calls(in: .decode(cell)))
  }

  func total(of places: Range<Int>) -> Int64 {
    quarters.reduce(0) { $0 + (places.contains($1.place) ? $1.calls : 0) }
  }
}
