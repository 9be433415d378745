//! Writes the JavaScript side of a compiled WASM module: `bindgen INPUT.wasm FOLDER NAME`.
//!
//! The library behind the command of that name, at the exact version of the crate that the module
//! was compiled with: the two only understand each other when they are the same. It knows nothing
//! of what the module does.

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let [input, folder, name] = words.as_slice() else {
        return told("usage: bindgen INPUT.wasm FOLDER NAME");
    };
    let written = Bindgen::new()
        .input_path(input)
        .out_name(name)
        // An ES module that is handed the bytes, so that browsers and Node take the same file.
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .remove_name_section(true)
                .remove_producers_section(true)
                .typescript(true)
                .omit_default_module_path(true)
                .generate(folder)
        });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => told(&format!("error: {error:#}")),
    }
}

#[expect(clippy::print_stderr, reason = "a command tells people what went wrong")]
fn told(line: &str) -> ExitCode {
    eprintln!("{line}");
    ExitCode::FAILURE
}
