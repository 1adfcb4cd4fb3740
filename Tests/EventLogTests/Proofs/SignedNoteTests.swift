import Foundation
import Testing

@testable import EventLog

/// Against the example of golang.org/x/mod/sumdb/note and that of c2sp.org/signed-note.
@Suite struct SignedNoteTests {
  private static let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
  private static let verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  private static let text = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    """
  private static let note =
    text
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

  @Test func aNoteOfTheReferenceImplementationIsVerified() throws {
    let key = try VerifierKey(parsing: Self.verifier)
    #expect(key.description == Self.verifier)
    #expect(key.hexID == "c74f20a3", "SHA-256(name, newline, 1, key), its first four bytes")
    let note = try SignedNote(parsing: Self.note)
    #expect(note.description == Self.note)
    #expect(try key.verify(note) == Self.text)
  }

  @Test func aNoteIsSignedByteForByteAsTheReferenceImplementationDoes() throws {
    let signer = try NoteSigner(parsing: Self.secret)
    #expect(signer.secret == Self.secret)
    #expect(signer.verifier.description == Self.verifier)
    let note = SignedNote(text: Self.text, signatures: [try signer.signature(of: Self.text)])
    #expect(note.description == Self.note)
  }

  @Test func aChangedTextAnUnknownKeyAndAForgedSignatureAreToldApart() throws {
    let key = try VerifierKey(parsing: Self.verifier)
    let changed = try SignedNote(parsing: Self.note.replacing("think", with: "thank"))
    #expect(throws: NoteError.forged(as: Self.verifier)) { try key.verify(changed) }
    let stranger = try NoteSigner(drawnFor: "PeterNeumann").verifier
    #expect(throws: NoteError.notSigned(by: stranger.description)) {
      try stranger.verify(SignedNote(parsing: Self.note))
    }
  }

  @Test func signaturesOfUnknownKeysStandBesideOurs() throws {
    let line = "— example.com/witness AAAAAQIDBAUGBwgJ\n"
    let note = try SignedNote(parsing: Self.note + line)
    #expect(note.signatures.count == 2)
    #expect(try VerifierKey(parsing: Self.verifier).verify(note) == Self.text)
  }

  @Test(arguments: [
    "", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n— a+b AAAAAQI=\n", "text\n\n- name AAAAAQI=\n",
    "text\n\n— name AAAAAA==\n", "te\txt\n\n— name AAAAAQI=\n", "text\n\n— name AAAAAQI=",
  ]) func whatIsNoNoteIsRefused(text: String) {
    #expect(throws: NoteError.self) { try SignedNote(parsing: text) }
  }

  @Test(arguments: [
    "", "name", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann+c74f20a3+ARpc",
    "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  ]) func whatIsNoKeyIsRefused(text: String) {
    #expect(throws: NoteError.self) { try VerifierKey(parsing: text) }
    #expect(throws: NoteError.self) { try NoteSigner(parsing: "PRIVATE+KEY+" + text) }
  }
}

@Suite struct SigningKeysTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)")
  private var file: URL { folder.appending(path: "signing.key") }

  @Test func allWhoStartAtOnceEndWithOneKeyThatOnlyItsOwnerReads() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = file
    let keys = try await withThrowingTaskGroup(of: VerifierKey.self) { group in
      for _ in 0..<16 { group.addTask { try SigningKeys(file: file, drawnFor: "localhost/recount").verifier } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(keys.count == 1)
    #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["signing.key"], "no draft is left")
  }

  @Test func aKeyThatOthersCanReadIsRefused() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try SigningKeys(file: file, drawnFor: "localhost/recount")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    #expect(throws: SigningKeyError.readableByOthers(path: file.path, mode: 0o644)) {
      try SigningKeys(file: file, drawnFor: "localhost/recount")
    }
  }

  @Test func afterARotationNotesAreVerifiedByTheOldKeyAndTheNew() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (old, new) = (try NoteSigner(drawnFor: "localhost/recount"), try NoteSigner(drawnFor: "localhost/recount"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    #expect(
      FileManager.default.createFile(
        atPath: file.path, contents: Data("\(new.secret)\n\(old.secret)\n".utf8), attributes: [.posixPermissions: 0o600]
      ))
    let keys = try SigningKeys(file: file, drawnFor: "another/name")
    #expect(keys.verifier == new.verifier, "the first is the one to publish, whatever the server is called now")
    let note = try keys.sign("text\n")
    #expect(try old.verifier.verify(note) == "text\n")
    #expect(try new.verifier.verify(note) == "text\n")
  }
}
