// Real web servers with the configuration that `cargo xtask dist` makes. Of that only the addresses are changed, and
// around it is no more than what it is to be included in.
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { distributions, find } from "../support/environment.ts";
import { freePort } from "../support/ports.ts";

export const kinds = ["nginx", "Caddy", "Apache"] as const;
export type Kind = (typeof kinds)[number];

/** A distribution, and the path that it is for. */
export interface Place {
  readonly distribution: string;
  readonly path: string;
}

export const places: readonly Place[] = [
  { distribution: "root", path: "/" },
  { distribution: "sub-path", path: "/console/" },
];

const START_TIMEOUT_MS = 20_000;

/** What a configuration says about the host that it is for. */
const EXAMPLE_ROOT = "/srv/www";
const EXAMPLE_API = "https://credential-manager.internal.example.org";

interface Setting {
  /** A folder of its own. */
  readonly directory: string;
  /** What is served: the files of the console lie at its path below this. */
  readonly root: string;
  readonly port: number;
  /** The origin of the API. */
  readonly api: string;
  /** The folder with the files that the distribution has for hosts. */
  readonly hosts: string;
}

/** A program with its arguments. */
type Command = readonly [program: string, ...args: string[]];

/** The text with something exchanged that has to be there once. */
function exchange(text: string, from: string, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) {
    throw new Error(`"${from}" is there ${parts.length - 1} times`);
  }
  return parts.join(to);
}

async function nginx({ directory, root, port, api, hosts }: Setting): Promise<Command> {
  let shipped = await readFile(join(hosts, "nginx.conf"), "utf8");
  shipped = exchange(shipped, "listen 80;", `listen 127.0.0.1:${port};`);
  shipped = exchange(shipped, `root ${EXAMPLE_ROOT};`, `root ${root};`);
  shipped = exchange(shipped, `proxy_pass ${EXAMPLE_API};`, `proxy_pass ${api};`);
  await writeFile(join(directory, "console.conf"), shipped);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (what) => `${what}_temp_path ${join(directory, what)};`,
  );
  const main = join(directory, "nginx.conf");
  await writeFile(
    main,
    `# The modules that are installed, as Debian loads them.
include /etc/nginx/modules-enabled/*.conf;
daemon off;
# One process, which may read what the tests may read.
master_process off;
pid ${join(directory, "pid")};
error_log stderr;
events {}
http {
  access_log off;
  default_type application/octet-stream;
  ${paths.join("\n  ")}
  include ${join(directory, "console.conf")};
}
`,
  );
  return [find("NGINX", ["nginx"]), "-e", "stderr", "-c", main];
}

async function caddy({ directory, root, port, api, hosts }: Setting): Promise<Command> {
  let shipped = await readFile(join(hosts, "Caddyfile"), "utf8");
  shipped = exchange(shipped, "tokens.example.org {", `http://127.0.0.1:${port} {`);
  shipped = exchange(shipped, `root * ${EXAMPLE_ROOT}`, `root * ${root}`);
  shipped = exchange(shipped, `reverse_proxy ${EXAMPLE_API} {`, `reverse_proxy ${api} {`);
  const file = join(directory, "Caddyfile");
  await writeFile(file, `{\n\tadmin off\n\tauto_https off\n}\n${shipped}`);
  return [find("CADDY", ["caddy"]), "run", "--config", file, "--adapter", "caddyfile"];
}

async function apache({ directory, root, port, api, hosts }: Setting): Promise<Command> {
  let shipped = await readFile(join(hosts, "apache.conf"), "utf8");
  shipped = exchange(shipped, "<VirtualHost *:80>", `<VirtualHost 127.0.0.1:${port}>`);
  shipped = exchange(shipped, `DocumentRoot ${EXAMPLE_ROOT}`, `DocumentRoot ${root}`);
  shipped = exchange(shipped, `<Directory ${EXAMPLE_ROOT}>`, `<Directory ${root}>`);
  shipped = exchange(shipped, `ProxyPass /api/v1/ ${EXAMPLE_API}/`, `ProxyPass /api/v1/ ${api}/`);
  await writeFile(join(directory, "console.conf"), shipped);
  const modules = process.env["APACHE_MODULES"] ?? "/usr/lib/apache2/modules";
  const names = [
    "mpm_event",
    "authz_core",
    "dir",
    "env",
    "headers",
    "mime",
    "proxy",
    "proxy_http",
    "rewrite",
    "ssl",
  ];
  const file = join(directory, "apache.conf");
  await writeFile(
    file,
    `${names.map((name) => `LoadModule ${name}_module ${join(modules, `mod_${name}.so`)}`).join("\n")}
ServerRoot ${directory}
DefaultRuntimeDir ${directory}
PidFile ${join(directory, "pid")}
ErrorLog ${join(directory, ERROR_LOG)}
ServerName 127.0.0.1
TypesConfig /dev/null
Listen 127.0.0.1:${port}
# Only for whoever runs the tests as root: Apache does not answer as root.
User www-data
Group www-data
# As Debian has it.
<Directory />
  AllowOverride None
  Require all denied
</Directory>
Include ${join(directory, "console.conf")}
`,
  );
  return [find("APACHE", ["apache2", "httpd"]), "-X", "-f", file];
}

/** Apache opens it by name, which it cannot do with a socket, and that is what it gets for its output. */
const ERROR_LOG = "error.log";

const commands = { nginx, Caddy: caddy, Apache: apache };

export class WebServer {
  private constructor(
    /** `http://127.0.0.1:PORT`, without a slash. */
    readonly origin: string,
    /** The address of the console, with a slash at the end. */
    readonly consoleUrl: string,
    private readonly child: ChildProcess,
    private readonly exited: Promise<void>,
    private readonly directory: string,
  ) {}

  /** Starts one with a console in front of an API. */
  static async start(kind: Kind, place: Place, api: string): Promise<WebServer> {
    const directory = await mkdtemp(join(tmpdir(), "credmgr-hosts-"));
    // Started as root, Apache reads as somebody else.
    await chmod(directory, 0o755);
    const root = join(directory, "www");
    const distribution = join(distributions, place.distribution);
    await mkdir(join(root, place.path), { recursive: true });
    await cp(join(distribution, "console"), join(root, place.path), { recursive: true });

    const port = await freePort();
    const setting = { directory, root, port, api, hosts: join(distribution, "hosts") };
    const [program, ...args] = await commands[kind](setting);
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...process.env, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log: string[] = [];
    child.stdout.on("data", (data: Buffer) => log.push(data.toString()));
    child.stderr.on("data", (data: Buffer) => log.push(data.toString()));
    let end: string | undefined;
    const exited = new Promise<void>((resolve) => {
      const ended = (how: string) => {
        end = how;
        resolve();
      };
      child.once("error", (error) => ended(`could not be started: ${error.message}`));
      child.once("exit", (code, signal) => ended(`ended with ${signal ?? `code ${code}`}`));
    });

    const deadline = Date.now() + START_TIMEOUT_MS;
    while (end === undefined && Date.now() < deadline && !(await accepts(port))) {
      await sleep(20);
    }
    const origin = `http://127.0.0.1:${port}`;
    const server = new WebServer(origin, origin + place.path, child, exited, directory);
    if (end !== undefined || Date.now() >= deadline) {
      const written = await readFile(join(directory, ERROR_LOG), "utf8").catch(() => "");
      await server.stop();
      throw new Error(`${program} ${end ?? "did not accept connections"}\n${log.join("")}${written}`);
    }
    return server;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      // Not after the requests that are still open: none of them matters any more.
      this.child.kill("SIGKILL");
    }
    await this.exited;
    await rm(this.directory, { recursive: true, force: true });
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
