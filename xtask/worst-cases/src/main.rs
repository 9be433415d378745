//! Inputs whose cost is out of proportion to their size: `worst-cases list`, `worst-cases make
//! CASE SCALE FILE` and `worst-cases read CASE FILE`.
//!
//! `cargo xtask bench bytes` makes each in one process and measures the reading of it in another.
//! What a reader answers is printed, and both answers are a success: only the cost is judged.

mod cases;

use std::fs;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(text) => {
            let _ = writeln!(std::io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            let _ = writeln!(std::io::stderr(), "{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<String, String> {
    let case = |name: &str| {
        cases::all().into_iter().find(|case| case.name == name).ok_or(format!("no case `{name}`"))
    };
    match words {
        ["list"] => Ok(cases::all().iter().map(|case| case.name).collect::<Vec<_>>().join("\n")),
        ["make", name, scale, file] => {
            let scale = scale.parse().map_err(|_| format!("`{scale}` is not a number"))?;
            let bytes = (case(name)?.make)(scale);
            fs::write(file, &bytes).map_err(|error| error.to_string())?;
            Ok(bytes.len().to_string())
        }
        ["read", name, file] => {
            let case = case(name)?;
            let bytes = fs::read(file).map_err(|error| error.to_string())?;
            Ok((case.read)(&bytes).unwrap_or_else(|problem| problem.to_string()))
        }
        _ => Err("usage: worst-cases list | make CASE SCALE FILE | read CASE FILE".to_owned()),
    }
}
