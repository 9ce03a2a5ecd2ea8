//! Fuzz targets for the decoders of outside bytes; they live in `tests/decoders`.
//!
//! `cargo test` runs each with its recorded corpus and some thousand random inputs on the stable
//! toolchain. `cargo bolero test <target>` runs one under a coverage-guided fuzzer for as long as
//! one likes; what it finds goes into the corpus folder beside the target.
