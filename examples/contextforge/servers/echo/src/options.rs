//! The command line and the environment.

pub const USAGE: &str = "\
usage: mcp-server-echo [--port PORT] [--host ADDRESS] [--health] [--version] [--help]

  --port PORT      serve HTTP on this port (0: a free one); without it, stdin and stdout
  --host ADDRESS   where to listen (default: 127.0.0.1)
  --health         ask a running server whether it is healthy, then exit

MCP_PORT and MCP_HOST stand for --port and --host.";

const DEFAULT_PORT: u16 = 9001;

#[derive(Debug, PartialEq)]
pub enum Mode {
    Stdio,
    Http,
    Health,
    Version,
    Help,
}

#[derive(Debug)]
pub struct Options {
    pub mode: Mode,
    pub host: String,
    pub port: u16,
}

impl Options {
    /// Reads flags from `args`, and what they leave open from the environment.
    pub fn parse(
        mut args: impl Iterator<Item = String>,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let mut mode = None;
        let mut host = env("MCP_HOST").filter(|host| !host.is_empty());
        let mut port = env("MCP_PORT").filter(|port| !port.is_empty());
        while let Some(argument) = args.next() {
            let (flag, mut value) = match argument.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let mut operand = || {
                let given = value.take().or_else(|| args.next());
                given.ok_or_else(|| format!("`{flag}` needs a value"))
            };
            match flag {
                "--host" => host = Some(operand()?),
                "--port" => port = Some(operand()?),
                "--health" => mode = Some(Mode::Health),
                "--version" => mode = Some(Mode::Version),
                "--help" | "-h" => mode = Some(Mode::Help),
                _ => return Err(format!("unknown argument `{argument}`\n\n{USAGE}")),
            }
        }
        let serving = if port.is_some() { Mode::Http } else { Mode::Stdio };
        Ok(Self {
            mode: mode.unwrap_or(serving),
            host: host.unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: port.map_or(Ok(DEFAULT_PORT), |text| {
                text.parse().map_err(|_| format!("`{text}` is not a port"))
            })?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Options};

    fn check(args: &str, env_port: Option<&str>, expected: Result<(Mode, u16), &str>) {
        let args = args.split_whitespace().map(str::to_owned);
        let env = |name: &str| (name == "MCP_PORT").then(|| env_port.map(str::to_owned))?;
        let found = Options::parse(args, env).map(|options| (options.mode, options.port));
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(found), Err(expected)) => assert!(found.starts_with(expected), "{found}"),
            (found, expected) => panic!("found {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn flags_win_over_the_environment() {
        check("", None, Ok((Mode::Stdio, 9001)));
        check("", Some("9100"), Ok((Mode::Http, 9100)));
        check("--port 0", Some("9100"), Ok((Mode::Http, 0)));
        check("--health --port=9100", None, Ok((Mode::Health, 9100)));
        check("--version", Some("9100"), Ok((Mode::Version, 9100)));
    }

    #[test]
    fn wrong_arguments_are_named() {
        check("--port", None, Err("`--port` needs a value"));
        check("--port 70000", None, Err("`70000` is not a port"));
        check("--prot 1", None, Err("unknown argument `--prot`"));
    }
}
