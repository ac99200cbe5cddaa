//! The command line, parsed into values. Pure: nothing is looked up or run here.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::dist::Deployment;

/// The text that `cargo xtask help` prints.
pub(crate) const USAGE: &str = "\
Usage: cargo xtask <command>

  serve [--port N]   build everything and run it with demo data on http://127.0.0.1:8080 (or port N)
  dev                the same with live reload: a change of the console is rebuilt and reloaded
  test [--only LIST] [-- ARGS]
                     all tests, or those named: native,server,wasm,wasm-firefox,e2e
                     (comma-separated); ARGS go to the one test runner that is selected
  bench catalogue    how fast the list is with 10,000 and 100,000 tokens (BENCH_TOKENS says others)
  bench start        how long a visit takes to its first row, beside a page without a framework
  bench work         how fast opening, turning pages, creating and deleting are
  screens            pictures of every screen in every state, on one page to look at
  build              the console as it is deployed, in dist
  dist [--public-url PATH] [--set NAME=VALUE] [--out DIR] [--check]
                     the console for any static host, with the configuration of web servers, checksums and a
                     bill of materials, in target/release-dist or DIR; to be served at / or PATH, with other
                     settings than the default; --check builds it a second time elsewhere and compares
  size [--crates]    what a first visit transfers, and what the parts of the console are, file by file,
                     against size-budget.json; with --crates how large each crate is as well
  check              formatting, lints, documentation, types, links; changes nothing
  deny [--advisories]
                     licences, duplicate versions and sources of the crates, by deny.toml; with --advisories
                     known vulnerabilities as well, whose list is downloaded
  fmt                write the formatting that `check` asks for
  setup              install what all of these need, and nothing else
  help               this

What is missing on this machine is installed by the command that needs it, and it says so.";

/// The default port of `serve`, and the port to which `trunk serve` forwards API requests.
pub(crate) const DEFAULT_PORT: u16 = 8080;

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Serve { port: u16 },
    Dev,
    Build,
    Dist(DistOptions),
    Test(TestSelection),
    Bench(Bench),
    Screens,
    Check,
    Deny { advisories: bool },
    Fmt,
    Setup,
    Size { crates: bool },
    Help,
}

/// Options for a distribution.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DistOptions {
    pub(crate) deployment: Deployment,
    /// The output folder; `None` for the default one.
    pub(crate) out: Option<PathBuf>,
    /// Whether to build a second time and compare.
    pub(crate) check: bool,
}

/// A benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bench {
    /// The list with very many tokens.
    Catalogue,
    /// The time from the start of a visit to its first row.
    Start,
    /// Opening tokens, turning pages, creating, deleting.
    Work,
}

impl Bench {
    const ALL: [Self; 3] = [Self::Catalogue, Self::Start, Self::Work];

    /// Returns the name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Start => "start",
            Self::Work => "work",
        }
    }
}

impl FromStr for Bench {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|bench| bench.name() == name).with_context(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("there is no measurement called '{name}'; there are {known}")
        })
    }
}

/// The tests to run, and further arguments for the runner.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TestSelection {
    /// The suites in the order in which they run; never empty.
    pub(crate) suites: Vec<Suite>,
    /// Passed on to the test runner. Empty unless exactly one suite is selected.
    pub(crate) runner_args: Vec<OsString>,
}

/// A group of tests that one test runner runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    /// The console's models, and these commands, compiled for the host.
    Native,
    /// The embedded server over HTTP.
    Server,
    /// The console's components in Chromium.
    Wasm,
    /// The same tests in Firefox.
    WasmFirefox,
    /// User journeys through the built console against the embedded server.
    E2e,
}

impl Suite {
    /// All suites, cheapest first, so that simple mistakes show early.
    pub(crate) const ALL: [Self; 5] = [Self::Native, Self::Server, Self::Wasm, Self::WasmFirefox, Self::E2e];

    /// Returns the name used by `--only` and in the summary.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Server => "server",
            Self::Wasm => "wasm",
            Self::WasmFirefox => "wasm-firefox",
            Self::E2e => "e2e",
        }
    }
}

impl FromStr for Suite {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name).with_context(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("there are no tests called '{name}'; there are {known}")
        })
    }
}

/// Parses the arguments that follow `cargo xtask`.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = lexopt::Parser::from_args(args);
    let name = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Value(name)) => name.string()?,
        Some(option) => return Err(option.unexpected().into()),
    };
    match name.as_str() {
        "serve" => parse_serve(&mut parser),
        "test" => parse_test(&mut parser),
        "bench" => parse_bench(&mut parser),
        "deny" => parse_flag(&mut parser, "advisories", |advisories| Command::Deny { advisories }),
        "dist" => parse_dist(&mut parser),
        "dev" => without_options(&mut parser, Command::Dev),
        "build" => without_options(&mut parser, Command::Build),
        "screens" => without_options(&mut parser, Command::Screens),
        "check" => without_options(&mut parser, Command::Check),
        "fmt" => without_options(&mut parser, Command::Fmt),
        "setup" => without_options(&mut parser, Command::Setup),
        "size" => parse_flag(&mut parser, "crates", |crates| Command::Size { crates }),
        "help" => without_options(&mut parser, Command::Help),
        unknown => bail!("there is no command '{unknown}'"),
    }
}

fn without_options(parser: &mut lexopt::Parser, command: Command) -> Result<Command> {
    match parser.next()? {
        None => Ok(command),
        Some(Short('h') | Long("help")) => Ok(Command::Help),
        Some(argument) => Err(argument.unexpected().into()),
    }
}

fn parse_bench(parser: &mut lexopt::Parser) -> Result<Command> {
    let command = match parser.next()? {
        Some(Value(name)) => Command::Bench(name.string()?.parse()?),
        None => bail!("'bench' needs to know what to measure"),
        Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(option) => return Err(option.unexpected().into()),
    };
    without_options(parser, command)
}

/// Parses the arguments of a command whose only option is a flag.
fn parse_flag(parser: &mut lexopt::Parser, name: &str, command: impl Fn(bool) -> Command) -> Result<Command> {
    let mut is_given = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long(long) if long == name => is_given = true,
            Short('h') | Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(command(is_given))
}

fn parse_dist(parser: &mut lexopt::Parser) -> Result<Command> {
    let mut options = DistOptions { deployment: Deployment::default(), out: None, check: false };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("public-url") => options.deployment.path = parser.value()?.string()?.parse()?,
            Long("set") => options.deployment.settings.push(parser.value()?.string()?.parse()?),
            Long("out") => options.out = Some(parser.value()?.into()),
            Long("check") => options.check = true,
            Short('h') | Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Dist(options))
}

fn parse_serve(parser: &mut lexopt::Parser) -> Result<Command> {
    let mut port = DEFAULT_PORT;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('p') | Long("port") => port = parser.value()?.parse()?,
            Short('h') | Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Serve { port })
}

fn parse_test(parser: &mut lexopt::Parser) -> Result<Command> {
    let mut named = Vec::new();
    let mut runner_args = Vec::new();
    loop {
        // Checked on the raw arguments, because lexopt swallows the `--` and then reports everything as a value, the
        // same as a value before it.
        if parser.try_raw_args().is_some_and(|raw| raw.peek().is_some_and(|next| next == "--")) {
            runner_args.extend(parser.raw_args()?.skip(1));
            break;
        }
        match parser.next()? {
            None => break,
            Some(Long("only")) => {
                for name in parser.value()?.string()?.split(',') {
                    named.push(name.trim().parse::<Suite>()?);
                }
            }
            Some(Short('h') | Long("help")) => return Ok(Command::Help),
            Some(other) => return Err(other.unexpected().into()),
        }
    }

    let suites: Vec<Suite> =
        Suite::ALL.into_iter().filter(|suite| named.is_empty() || named.contains(suite)).collect();
    if !runner_args.is_empty() && suites.len() != 1 {
        bail!("arguments after '--' need '--only' with exactly one kind of tests");
    }
    Ok(Command::Test(TestSelection { suites, runner_args }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    fn test_command(suites: &[Suite], runner_args: &[&str]) -> Command {
        Command::Test(TestSelection {
            suites: suites.to_vec(),
            runner_args: runner_args.iter().map(OsString::from).collect(),
        })
    }

    #[test]
    fn nothing_and_help_are_help() {
        for line in ["", "help", "--help", "-h", "serve --help", "test -h", "check -h"] {
            assert_eq!(parse_line(line).unwrap(), Command::Help, "{line:?}");
        }
    }

    #[test]
    fn commands_without_options() {
        for (line, command) in [
            ("dev", Command::Dev),
            ("build", Command::Build),
            ("screens", Command::Screens),
            ("check", Command::Check),
            ("fmt", Command::Fmt),
            ("setup", Command::Setup),
        ] {
            assert_eq!(parse_line(line).unwrap(), command);
            assert!(parse_line(&format!("{line} --fast")).is_err());
            assert!(parse_line(&format!("{line} more")).is_err());
        }
    }

    #[test]
    fn bench_takes_one_name() {
        assert_eq!(parse_line("bench catalogue").unwrap(), Command::Bench(Bench::Catalogue));
        assert_eq!(parse_line("bench start").unwrap(), Command::Bench(Bench::Start));
        assert_eq!(parse_line("bench work").unwrap(), Command::Bench(Bench::Work));
        for line in ["bench", "bench nothing", "bench catalogue more", "bench --fast"] {
            assert!(parse_line(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn deny_asks_the_network_only_if_told_to() {
        assert_eq!(parse_line("deny").unwrap(), Command::Deny { advisories: false });
        assert_eq!(parse_line("deny --advisories").unwrap(), Command::Deny { advisories: true });
        assert!(parse_line("deny advisories").is_err());
    }

    #[test]
    fn size_tells_crates_only_if_asked_to() {
        assert_eq!(parse_line("size").unwrap(), Command::Size { crates: false });
        assert_eq!(parse_line("size --crates").unwrap(), Command::Size { crates: true });
        assert!(parse_line("size --all").is_err());
    }

    #[test]
    fn dist_takes_a_path_and_a_folder() {
        let dist = |path: &str, out: Option<&str>, check| {
            let deployment = Deployment { path: path.parse().unwrap(), settings: Vec::new() };
            Command::Dist(DistOptions { deployment, out: out.map(PathBuf::from), check })
        };
        assert_eq!(parse_line("dist").unwrap(), dist("/", None, false));
        assert_eq!(
            parse_line("dist --public-url /console/ --out a/b --check").unwrap(),
            dist("/console/", Some("a/b"), true)
        );
        let Command::Dist(with_settings) =
            parse_line("dist --set api-base=/api/v2 --set idle-minutes=0").unwrap()
        else {
            panic!("dist is dist");
        };
        assert_eq!(with_settings.deployment.settings.len(), 2);
        for line in [
            "dist --public-url",
            "dist --set api-base",
            "dist --public-url https://example.org/",
            "dist --out",
            "dist /console/",
        ] {
            assert!(parse_line(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn serve_takes_a_port() {
        assert_eq!(parse_line("serve").unwrap(), Command::Serve { port: DEFAULT_PORT });
        for line in ["serve --port 9000", "serve --port=9000", "serve -p 9000"] {
            assert_eq!(parse_line(line).unwrap(), Command::Serve { port: 9000 });
        }
        for line in ["serve --port", "serve --port x", "serve --port 65536", "serve 9000"] {
            assert!(parse_line(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn test_runs_everything_unless_told_otherwise() {
        assert_eq!(parse_line("test").unwrap(), test_command(&Suite::ALL, &[]));
    }

    #[test]
    fn test_keeps_its_own_order_and_runs_nothing_twice() {
        for line in
            ["test --only e2e,native", "test --only e2e --only native", "test --only=native,e2e,native"]
        {
            assert_eq!(
                parse_line(line).unwrap(),
                test_command(&[Suite::Native, Suite::E2e], &[]),
                "{line:?}"
            );
        }
    }

    #[test]
    fn test_refuses_unknown_suites() {
        for line in ["test --only unit", "test --only native,", "test --only", "test e2e"] {
            assert!(parse_line(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn arguments_for_the_runner_need_one_suite() {
        assert_eq!(
            parse_line("test --only e2e -- --grep alice").unwrap(),
            test_command(&[Suite::E2e], &["--grep", "alice"])
        );
        assert!(parse_line("test -- --grep alice").is_err());
        assert!(parse_line("test --only e2e,wasm -- --grep alice").is_err());
    }

    #[test]
    fn unknown_commands_are_refused() {
        for line in ["sevre", "--port 80", "-x"] {
            assert!(parse_line(line).is_err(), "{line:?}");
        }
    }
}
