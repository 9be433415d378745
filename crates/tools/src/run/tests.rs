use std::io::{BufRead as _, BufReader, Read as _};
use std::{env, fs, panic};

use super::collect::MAX_LINE;
use super::*;

fn shell(script: &str) -> Invocation {
    Invocation::new("sh", ["-c", script])
}

#[test]
fn output_comes_back_whole_and_line_by_line() {
    let mut lines = Vec::new();
    let mut log = |line: Line<'_>| lines.push((line.stream, line.text.to_owned()));
    let mut options = RunOptions { log: Some(&mut log), ..RunOptions::default() };
    let output = run(&shell("echo one; echo two; echo three >&2"), &mut options).unwrap();
    assert_eq!(output.stdout, b"one\ntwo\n");
    assert_eq!(output.stderr, "three\n");
    lines.sort_by_key(|(stream, _)| *stream == Stream::Err);
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["one", "two", "three"]);
}

#[test]
fn a_failure_names_the_line_the_status_and_the_last_words() {
    let script = "for i in $(seq 1000); do echo line $i >&2; done; exit 7";
    let error = run(&shell(script), &mut RunOptions::default()).unwrap_err();
    let RunError::Failed { line, code, tail, .. } = &error else { panic!("{error}") };
    assert_eq!(line, &format!("sh -c '{script}'"));
    assert_eq!(*code, Some(7));
    assert!(tail.starts_with("line 601\n") && tail.ends_with("line 1000"), "{tail}");
    let problem = error.problem();
    assert_eq!(problem.code.to_string(), "command-failed");
    assert!(problem.message.contains("line 1000"), "{problem}");
}

#[test]
fn a_program_that_is_not_there_is_told_from_a_folder_that_is_not() {
    let check = |invocation: Invocation, code: &str| {
        let error = run(&invocation, &mut RunOptions::default()).unwrap_err();
        assert_eq!(error.problem().code.name, code, "{error}");
    };
    check(Invocation::new("no-such-program-anywhere", ["x"]), "command-not-found");
    check(shell("true").dir("/no/such/folder"), "command-failed");
}

#[test]
fn a_variable_of_ours_does_not_reach_the_child_but_one_of_the_command_does() {
    assert!(env::var_os("CARGO_PKG_NAME").is_some(), "cargo sets the canary for its tests");
    let invocation = shell("echo \"${CARGO_PKG_NAME-unset} $MINE $LC_ALL\"").env("MINE", "yes");
    let output = run(&invocation, &mut RunOptions::default()).unwrap();
    assert_eq!(output.stdout, b"unset yes C.UTF-8\n");
}

#[test]
fn a_child_has_no_input_to_wait_for() {
    let output = run(&shell("cat; echo done"), &mut RunOptions::default()).unwrap();
    assert_eq!(output.stdout, b"done\n");
}

#[test]
fn a_command_that_never_ends_its_line_is_cut_in_pieces() {
    let mut longest = 0;
    let mut log = |line: Line<'_>| longest = longest.max(line.text.len());
    let mut options = RunOptions { log: Some(&mut log), ..RunOptions::default() };
    let output = run(&shell("head -c 300000 /dev/zero | tr '\\0' x"), &mut options).unwrap();
    assert_eq!(output.stdout.len(), 300_000);
    assert_eq!(longest, usize::try_from(MAX_LINE).unwrap());
}

#[test]
fn what_a_command_leaves_running_ends_with_it() {
    let output = run(&shell("(sleep 20; echo late) & echo early"), &mut RunOptions::default());
    assert_eq!(output.unwrap().stdout, b"early\n");
}

#[test]
fn a_command_ends_when_the_call_is_left_early() {
    let folder = scratch("left-early");
    let pipe = folder.join("pipe");
    run(&Invocation::new("mkfifo", [pipe.to_string_lossy()]), &mut RunOptions::default()).unwrap();
    let script = format!("exec 3>'{}'; echo started; sleep 20; echo late >&3", pipe.display());
    let reader = thread::spawn(move || fs::read_to_string(&pipe).unwrap());
    let mut log = |_: Line<'_>| panic!("leave");
    let left = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        run(&shell(&script), &mut RunOptions { log: Some(&mut log), ..RunOptions::default() })
    }));
    assert!(left.is_err());
    assert_eq!(reader.join().unwrap(), "", "the command lived on and spoke");
    fs::remove_dir_all(folder).unwrap();
}

/// The middle process of the next test: this very test binary, started with a pipe's name.
#[test]
fn middle_process_of_the_kill_test() {
    let Some(pipe) = env::var_os("TOOLS_TEST_PIPE") else { return };
    let pipe = pipe.to_string_lossy();
    let script = format!("(exec 3>'{pipe}'; echo ready >&3; sleep 20; echo late >&3) & wait");
    run(&shell(&script), &mut RunOptions::default()).unwrap();
}

#[test]
fn grandchildren_die_when_we_are_killed_ourselves() {
    let folder = scratch("killed");
    let pipe = folder.join("pipe");
    run(&Invocation::new("mkfifo", [pipe.to_string_lossy()]), &mut RunOptions::default()).unwrap();
    let mut middle = Command::new(env::current_exe().unwrap())
        .args(["--exact", "run::tests::middle_process_of_the_kill_test"])
        .env("TOOLS_TEST_PIPE", &pipe)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(fs::File::open(&pipe).unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    assert_eq!(first, "ready\n");
    middle.kill().unwrap();
    middle.wait().unwrap();
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the grandchild lived on and spoke");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_words_of_a_client_without_a_network_are_known() {
    let check = |tail: &str, expected: bool| {
        let (line, status) = (String::new(), String::new());
        let error = RunError::Failed {
            program: "a".to_owned(),
            line,
            status,
            code: Some(1),
            tail: tail.to_owned(),
            log: None,
        };
        assert_eq!(error.is_no_network(), expected, "{tail}");
    };
    check("Temporary failure in name resolution", true);
    check("npm error code EAI_AGAIN", true);
    check("dial tcp: lookup host: no such host", true);
    check("[6] Could not resolve hostname (Could not resolve host: index)", true);
    check("error sending request for url (…)\n  cause: dns error", true);
    check("dial udp 10.0.0.1:53: connect: network is unreachable", true);
    check("error: linking with `cc` failed", false);
    check("THESE PACKAGES DO NOT MATCH THE HASHES", false);
}

/// A fresh folder of this test.
fn scratch(name: &str) -> std::path::PathBuf {
    let folder = env::temp_dir().join(format!("tools-run-{name}-{}", std::process::id()));
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn no_secret_that_a_command_prints_is_told_or_kept() {
    let folder = scratch("secrets");
    let logs = crate::Logs::below(&folder);
    let secrets = [("A", "hunter2"), ("B", "hunter22\nsecond"), ("C", "\n")];
    let mut told = String::new();
    let mut log = |line: Line<'_>| told.push_str(line.text);
    let mut options = RunOptions {
        secrets: &secrets,
        log: Some(&mut log),
        logs: Some(&logs),
        ..RunOptions::default()
    };
    let script = "echo $A; echo 0.1 got \"$B\" >&2; echo ERROR: $A failed >&2; exit 1";
    let error = run(&shell(script), &mut options).unwrap_err();
    let RunError::Failed { tail, log: Some(log), .. } = &error else { panic!("{error}") };
    assert!(tail.ends_with("0.1 got ***\n***\nERROR: *** failed"), "{tail}");
    let kept = fs::read_to_string(log).unwrap();
    assert!(kept.starts_with("$ sh -c ") && kept.contains("got ***\n***\n"), "{kept}");
    for text in [tail, &kept, &told] {
        assert!(!text.contains("hunter") && !text.contains("second"), "{text}");
    }
    fs::remove_dir_all(&folder).unwrap();
}
