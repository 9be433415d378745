//! Keys as openssl writes them, made for these tests and used for nothing else.

use crate::{Key, Signer as _};

pub(crate) const SEC1: &str = "-----BEGIN EC PRIVATE KEY-----\n\
MHcCAQEEIPbEgxFHasz1Q4b8OS1yk5qMzWSHwv+kEFi8V1G4HsrnoAoGCCqGSM49\n\
AwEHoUQDQgAE42yKyLw6482hTOf1HVD6sCU1rYMznX2J9rFUxI2LMN+UoY1jvEMM\n\
438A0CduIdQF02OSkZjMPOOSdV73NYpPTQ==\n\
-----END EC PRIVATE KEY-----\n";
pub(crate) const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE42yKyLw6482hTOf1HVD6sCU1rYMz\n\
nX2J9rFUxI2LMN+UoY1jvEMM438A0CduIdQF02OSkZjMPOOSdV73NYpPTQ==\n\
-----END PUBLIC KEY-----\n";
const PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9sSDEUdqzPVDhvw5\n\
LXKTmozNZIfC/6QQWLxXUbgeyuehRANCAATjbIrIvDrjzaFM5/UdUPqwJTWtgzOd\n\
fYn2sVTEjYsw35ShjWO8QwzjfwDQJ24h1AXTY5KRmMw845J1Xvc1ik9N\n\
-----END PRIVATE KEY-----\n";
const P384_SEC1: &str = "-----BEGIN EC PRIVATE KEY-----\n\
MIGkAgEBBDBA3RnrV12AVKDY2ErqI+92F1NxWsLLWbIBJfy70TEaMNl1GZnHb6KU\n\
MkU9ST2l60agBwYFK4EEACKhZANiAAQvTjDQl2tZSre8ZhB6Qpxo1pDfRa8WxOPj\n\
ylhHEhNB+3Bdd60NRdHXZ6Vllol/r8G5wlYkJWdgMOTSRZVGNk39JI45IgKRRG7y\n\
+4G0nd0cuKR6qq15QxRAMkpAT1jTEG8=\n\
-----END EC PRIVATE KEY-----\n";
const P384_PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDBA3RnrV12AVKDY2Erq\n\
I+92F1NxWsLLWbIBJfy70TEaMNl1GZnHb6KUMkU9ST2l60ahZANiAAQvTjDQl2tZ\n\
Sre8ZhB6Qpxo1pDfRa8WxOPjylhHEhNB+3Bdd60NRdHXZ6Vllol/r8G5wlYkJWdg\n\
MOTSRZVGNk39JI45IgKRRG7y+4G0nd0cuKR6qq15QxRAMkpAT1jTEG8=\n\
-----END PRIVATE KEY-----\n";
const ED25519_PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MC4CAQAwBQYDK2VwBCIEIBGMUmHdYocHWYiMqcvkGHXL/ylDRWqWU1UPVxCmNvmm\n\
-----END PRIVATE KEY-----\n";
const RSA_PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEApkROyHbM/Z4efJU3\n\
j0HKrSPesA5L8SUuaYCGgU7xfalO/5vVwpyi0YcRcWRpNZkrOK4p0eM5UrMyArj4\n\
LgQgvQIDAQABAkEAngWH1xDKLTUthnyPTJFcHohb6nn8BVmwLcdgjt9Ht4Q9i+kl\n\
1EpO+RDGfyUkRpd9KsecTuGQHm5f+Bid8n1loQIhAM9beQ5u53cb/n85/vHXl2dw\n\
ROXqM/njvLtfv5AUpi2ZAiEAzUU1Ueb8MMmcpW9jclAg3LFH7sfYSUTKw6GtW+d9\n\
msUCICvwJxuu1m8/yFKvOF2IoHVzrbXGRdM6taBCrrXaGkhpAiBbAqFmY9RSyUDz\n\
tJRR/abkUpHDE8YYjjCcVlWnltaAxQIhALP1Sovp9/wM9Zhhz4HWtzUlnWxw4+q4\n\
WzSy1JAbVcUx\n\
-----END PRIVATE KEY-----\n";

#[test]
fn every_unencrypted_spelling_of_a_key_is_read() {
    let parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    let indented: String = PKCS8.lines().map(|line| format!("    {line}\r\n")).collect();
    let spellings = [
        SEC1.to_owned(),
        PKCS8.to_owned(),
        format!("{parameters}{SEC1}"),
        format!("a comment\n{PKCS8}\nmore"),
        SEC1.trim_end().to_owned(),
        indented,
    ];
    for pem in spellings {
        assert_eq!(Key::from_pem(&pem).unwrap().key_file().unwrap(), PUBLIC, "{pem}");
    }
}

/// `said` stands in the message, `advice` in the help.
fn check(pem: &str, said: &str, advice: &str) {
    let problem = Key::from_pem(pem).unwrap_err();
    assert_eq!(problem.code.to_string(), "key-format");
    assert!(problem.message.contains(said), "{}", problem.message);
    let help = problem.help.clone().unwrap_or_default();
    assert!(help.contains(advice), "{help}");
    // No line of a key's body may be told on.
    for line in pem.lines().filter(|line| line.len() > 30 && !line.contains("-----")) {
        assert!(!problem.to_string().contains(&line[..30]), "{problem}");
    }
}

#[test]
fn every_other_key_is_refused_with_the_command_that_makes_the_right_one() {
    let labelled = |label: &str| PKCS8.replace("PRIVATE KEY", label);
    check(&labelled("ENCRYPTED SIGSTORE PRIVATE KEY"), "cosign", "import-key-pair");
    check(&labelled("ENCRYPTED COSIGN PRIVATE KEY"), "cosign", "openssl genpkey");
    check(&labelled("ENCRYPTED PRIVATE KEY"), "encrypted", "openssl pkcs8 -topk8 -nocrypt");
    let procedure = "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n";
    check(&SEC1.replacen("KEY-----\n", procedure, 1), "encrypted", "openssl pkcs8");
    check(&labelled("RSA PRIVATE KEY"), "RSA", "openssl genpkey");
    check(&labelled("OPENSSH PRIVATE KEY"), "OpenSSH", "ssh-keygen -p -m pkcs8");
    check(RSA_PKCS8, "RSA", "openssl genpkey");
    check(ED25519_PKCS8, "Ed25519", "openssl genpkey");
    check(P384_PKCS8, "another curve", "openssl genpkey");
    check(P384_SEC1, "not a P-256 key", "openssl genpkey");
    check(PUBLIC, "public half", "private key");
}

#[test]
fn broken_keys_are_refused() {
    check("", "no PEM block", "openssl");
    check(&"x".repeat(1 << 20), "too long", "openssl");
    check("-----BEGIN ", "no end", "openssl");
    check(&SEC1[..100], "no end", "openssl");
    check(&PKCS8.replace("MI", "??"), "cannot be read", "openssl");
    check(&"-----BEGIN EC PARAMETERS-----\n".repeat(100), "no PEM block", "openssl");
    let zero = "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n";
    check(zero, "cannot be read", "openssl");
}
