/// Why a schema can't be brought to where its folder has it.
package enum MigrationError: Error, Equatable, CustomStringConvertible {
  /// A file of `objects/` does not make one object that bears its name.
  case notAnObject(file: String)
  /// A step has run here with another text than the folder has.
  case changedStep(schema: String, step: String)
  /// Steps have run here that the folder does not have.
  case newerRelease(schema: String, steps: [String])
  /// A step has not run, but one that comes after it has.
  case stepOutOfOrder(schema: String, step: String, after: String)
  /// Objects that were made are gone again: another that they depend on was made anew after them.
  case vanished(schema: String, objects: [String])

  /// Says what to do.
  package var description: String {
    switch self {
    case .notAnObject(let file):
      "\(file) must hold one CREATE OR REPLACE FUNCTION, CREATE OR REPLACE VIEW or CREATE TYPE, of the file's own name, and "
        + "nothing else: tables belong into steps/, rights into objects/grants.sql"
    case .changedStep(let schema, let step):
      "step \(step) of schema \(schema) has run in this database with another text than this program has, so neither can be told to be "
        + "what the tables are. A step is never edited: restore its file, and write what is to change as a new step. If nobody edited it, "
        + "the database was migrated by another build of Recount: use that"
    case .newerRelease(let schema, let steps):
      "this database was migrated by a newer release of Recount: schema \(schema) has had \(steps.joined(separator: ", ")), which "
        + "this program does not know. Nothing was changed. Use the newer program, or a backup from before it migrated"
    case .stepOutOfOrder(let schema, let step, let after):
      "step \(step) of schema \(schema) is new, but \(after), which comes after it, has run already: steps run in order, so give "
        + "the new one a name that comes last"
    case .vanished(let schema, let objects):
      "of schema \(schema), \(objects.joined(separator: ", ")) went with an object of the same kind that was made anew: let "
        + "nothing but functions' bodies name an object of its own kind"
    }
  }
}
