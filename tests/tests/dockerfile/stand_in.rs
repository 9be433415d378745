//! Errors, with a stand-in for the engine's client: no daemon, a build that fails, an archive that
//! lies, a secret that is printed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;

use super::tree::{DOCKERFILE, HELLO, Tree, ended, release};

/// A client that answers like one with a daemon, and builds by this script; `$dest` is where the
/// archive is to go.
pub fn client(work: &Scratch, build: &str) -> String {
    let script = format!(
        "#!/bin/sh\n\
         case \"$1 $2\" in 'version --format') echo 28.5.2; exit;;\n\
         'buildx version') echo github.com/docker/buildx v0.29.1 abc; exit;;\n\
         'buildx inspect') echo 'Driver: docker-container'; exit;; esac\n\
         for word in \"$@\"; do case \"$word\" in type=oci,*)\n\
         dest=${{word#*dest=}} dest=${{dest%%,*}};; esac; done\n{build}\n"
    );
    install(work, &script)
}

fn install(work: &Scratch, script: &str) -> String {
    let file = work.join("docker");
    fs::write(&file, script).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    format!("docker={}", file.display())
}

fn local(tree: &Tree, tool: &str, more: &[&str]) -> Verdict {
    let words = ["release", "--local", tree.folder(), "--platform", "linux-amd64"];
    let tool = ["--tool", tool];
    product::run(&[&words[..], &tool, more].concat())
}

#[test]
fn without_a_daemon_an_image_is_not_built_here_in_the_clients_own_words() {
    let work = Scratch::new("client").unwrap();
    let check = |script: &str, expected: &str| {
        let tree = Tree::one("127.0.0.1:5000", DOCKERFILE);
        let tool = install(&work, &format!("#!/bin/sh\n{script}\n"));
        let told = local(&tree, &tool, &[]).refused();
        let expected = format!("error[nothing-built]: 0 of 2 units were built: {expected}\n");
        assert!(told.stderr.contains(&expected), "{}", told.told());
        assert_eq!(told.code, 3, "{}", told.told());
    };
    let silent = "echo; echo 'Cannot connect to the Docker daemon at tcp://x.' >&2; exit 1";
    let words = "the container engine does not answer: \
                 Cannot connect to the Docker daemon at tcp://x.";
    check(silent, words);
    let bare =
        "[ $1 = version ] && exit; echo \"docker: unknown command: docker buildx\" >&2\nexit 1";
    let words = "`docker` has no buildx: docker: unknown command: docker buildx";
    check(bare, words);

    let tree = Tree::one("127.0.0.1:5000", DOCKERFILE);
    let told = local(&tree, "docker=/nowhere/docker", &["--offline"]).refused();
    assert!(told.stderr.contains("nothing is fetched offline"), "{}", told.told());
}

#[test]
fn a_release_says_which_of_its_units_were_not_built_here() {
    let work = Scratch::new("client").unwrap();
    let config = format!(
        "{}{HELLO}\n[[package]]\nname = \"web\"\nchart = {{ path = \"web\" }}\n",
        release("127.0.0.1:5000")
    );
    let chart = "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: 1.0.0\n";
    let files = [
        ("package-actions.toml", config.as_str()),
        ("Dockerfile", DOCKERFILE),
        ("web/Chart.yaml", chart),
    ];
    let tree = Tree::write(&files);
    let tool = install(&work, "#!/bin/sh\necho no daemon >&2\nexit 1\n");
    local(&tree, &tool, &[]).accepted();
    let check = |unit: &str, expected: &str| {
        let (status, reason) = ended(&tree.manifest(), unit);
        assert_eq!((status.as_str(), reason.as_str()), ("not-built", expected));
    };
    check("hello/oci/linux-amd64", "the container engine does not answer: no daemon");
    check("hello/oci", "it needs `hello/oci/linux-amd64`, which is not there");
}

#[test]
fn a_build_that_fails_is_told_with_its_last_words_and_without_secrets() {
    let work = Scratch::new("client").unwrap();
    let hello = HELLO.replace(" }", ", secrets = [\"CANARY\"] }");
    let config = format!("{}{hello}", release("127.0.0.1:5000"));
    let tree = Tree::write(&[("package-actions.toml", &config), ("Dockerfile", DOCKERFILE)]);
    let script = "echo '#5 [2/2] RUN step' >&2; echo \"ERROR: step printed $CANARY\" >&2\n\
                  echo \"$*\" > \"${0%/*}/words\"; exit 1";
    let tool = client(&work, script);
    let told = local(&tree, &tool, &[]).refused();
    assert_eq!(told.code, 2);
    let words = "its build reads the secret `CANARY`, and no such variable is set";
    assert!(told.stderr.contains(words), "{}", told.told());
    assert!(!work.join("words").exists());

    let mut command = product::command();
    command.args(["release", "--local", tree.folder(), "--allow-missing", "--tool", &tool]);
    command.args(["--platform", "linux-amd64"]).env("CANARY", "hunter2");
    let told = Verdict::of(&mut command);
    let words = fs::read_to_string(work.join("words")).unwrap();
    assert!(words.contains("--secret id=CANARY,env=CANARY"), "{words}");
    let said = format!("{words}{}{}", told.stdout, told.stderr);
    assert!(!said.contains("hunter2"), "{said}");
    told.refused();
    assert!(said.contains("failed (exit status: 1):\n  | ERROR: step printed ***"), "{said}");
}

#[test]
fn an_archive_that_is_not_what_was_asked_for_fails_the_build() {
    let work = Scratch::new("client").unwrap();
    let check = |build: &str, code: &str| {
        let tree = Tree::one("127.0.0.1:5000", DOCKERFILE);
        let told = local(&tree, &client(&work, build), &[]).refused();
        assert_eq!(told.code, 3, "{}", told.told());
        assert!(told.stderr.contains(code), "no `{code}` in:\n{}", told.told());
        assert!(!Path::new(&tree.dist()).exists());
    };
    check("true", "left 0 files that fit `hello-linux-amd64.tar`");
    check("echo junk > \"$dest\"", "`hello-linux-amd64.tar` ends in the middle");
    check(
        "mkdir d; ln -s /etc/passwd d/index.json; tar -cf \"$dest\" -C d .",
        "tar` contains `index.json`, which is not a file",
    );
    check(
        "mkdir d; echo '{}' > d/index.json; tar -cf \"$dest\" -C d .",
        "`hello-linux-amd64.tar/oci-layout` is missing",
    );
}
