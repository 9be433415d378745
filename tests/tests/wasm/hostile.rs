//! Hostile words through every input of every action: nothing is executed, nothing breaks out of an
//! annotation, an output or the summary.

use std::fs;

use product_tests::repository;

use super::cases::HOSTILE;
use super::installed::Installed;

const ACTIONS: [&str; 6] = ["plan", "wheel-name", "checksums", "sbom", "provenance", "verify"];

/// The names of an action's inputs, from its own file.
fn inputs(action: &str) -> Vec<String> {
    let file = repository::root().join(format!("actions/{action}/action.yml"));
    let text = fs::read_to_string(file).unwrap();
    let inside = text.split_once("\ninputs:\n").unwrap().1.split_once("\noutputs:").unwrap().0;
    let names = inside.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    names.filter(|name| !name.starts_with(' ')).map(str::to_owned).collect()
}

#[test]
fn hostile_words_stay_words() {
    let Some(installed) = Installed::new() else { return };
    installed.put("package-actions.toml", "[release]\nversion = \"1.0.0\"\n");
    installed.put("file", "");
    let before = names(&installed);
    let long = "A".repeat(100 * 1024);
    let mut asked = 0;
    for action in ACTIONS {
        for input in inputs(action) {
            // A variable holds no NUL, so no input does.
            let words =
                HOSTILE.into_iter().filter(|word| !word.contains('\0')).chain([long.as_str()]);
            for word in words {
                check(&installed, action, &input, word);
                asked += 1;
            }
        }
    }
    println!("{asked} inputs");
    // Only where an action was told to write may something new stand.
    let new: Vec<String> =
        names(&installed).into_iter().filter(|name| !before.contains(name)).collect();
    assert!(!new.iter().any(|name| name.contains("pwned") && !name.contains("touch")), "{new:?}");
}

fn check(installed: &Installed, action: &str, input: &str, word: &str) {
    let start: String = word.chars().take(30).collect();
    let about = format!("{action}, {input}: {start:?}");
    let file = if input == "files" { vec![] } else { vec![("files", "file")] };
    let given = [&file[..], &[(input, word)]].concat();
    let run = installed.action(action, &given);
    let text = &run.verdict.stdout;
    assert!(run.verdict.stderr.is_empty(), "{about}: {}", run.verdict.stderr);
    assert!(matches!(run.verdict.code, 0 | 1), "{about}: {:?}", run.verdict.code);
    for line in text.lines() {
        let annotation = line.starts_with("::error ") || line.starts_with("::warning ");
        assert!(annotation || !line.trim_start().starts_with("::"), "{about}: {line}");
        assert!(!line.starts_with("##["), "{about}: {line}");
        assert!(!line.contains('\u{202e}') || annotation, "{about}: {line}");
    }
    if run.verdict.code == 1 {
        assert!(text.contains("::error "), "{about}: no annotation");
        assert!(!text.contains("title=action-failed"), "{about}: {text:.500}");
        assert!(!text.contains("title=core-trap"), "{about}: {text:.500}");
    }
    assert!(!run.summary.contains("<img") && !run.summary.contains("${{"), "{about}");
    assert!(run.summary.len() <= 1 << 20, "{about}");
    assert!(!run.outputs.contains_key("x"), "{about}: an output broke out");
    for name in ["pwned", "temp/pwned"] {
        assert!(!installed.join("workspace").join(name).exists(), "{about}: {name} was made");
    }
}

fn names(installed: &Installed) -> Vec<String> {
    let entries = fs::read_dir(installed.join("workspace")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}
