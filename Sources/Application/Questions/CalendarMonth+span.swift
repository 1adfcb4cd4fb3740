package import Domain

extension CalendarMonth {
  /// Its first moment, and the first after it.
  package var span: Range<Instant> { start..<next.start }
}
