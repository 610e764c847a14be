// Turns bytes that git's object files cannot hold into an error with a short plain message.

/** A file of the object database that is not what it should be. The message never holds contents. */
export class PackFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PackFormatError";
  }
}
