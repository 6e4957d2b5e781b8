//! A command line in, an exit status out; everything else is the library.

use ca_impact::cli::{self, Exit};

fn main() -> Exit {
    cli::main()
}
