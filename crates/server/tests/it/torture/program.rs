//! The real program in a process of its own, which a test may kill, and people
//! who go on asking it all the same.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Condvar, Mutex, mpsc},
    thread,
    time::Duration,
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_clientele");
/// Longer than any start takes; who waits longer waits for nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Not everything that is waited for has an event.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How often a flow is killed: a few times in `make test`, 200 in `make torture`.
pub fn kills() -> usize {
    std::env::var("CLIENTELE_TORTURE").map_or(3, |text| text.parse().unwrap())
}

/// How often the program has been started, and who waits for the next start.
#[derive(Default)]
struct Lives {
    count: Mutex<u64>,
    born: Condvar,
}

impl Lives {
    fn now(&self) -> u64 {
        *self.count.lock().unwrap()
    }

    fn begin(&self) {
        *self.count.lock().unwrap() += 1;
        self.born.notify_all();
    }

    fn wait_after(&self, life: u64) {
        let count = self.count.lock().unwrap();
        let waited = self
            .born
            .wait_timeout_while(count, PATIENCE, |now| *now <= life);
        let (count, timeout) = waited.unwrap();
        drop(count);
        assert!(
            !timeout.timed_out(),
            "the program broke off and nobody had killed it"
        );
    }
}

/// A program over a data folder of its own.
pub struct Program {
    folder: TempDir,
    listen: String,
    child: Option<Child>,
    lives: Arc<Lives>,
    cookie: String,
    dice: ChaCha20Rng,
    /// Where its book is, if not in the data folder.
    pub database_url: Option<String>,
    /// Where it keeps backups, if anywhere.
    pub backups: Option<PathBuf>,
}

impl Program {
    /// Starts on an empty folder and creates the administrator.
    pub fn new(seed: u64) -> Self {
        let mut program = Self::over(TempDir::new().unwrap(), seed);
        program.begin();
        program
    }

    /// Starts for the first time and creates the administrator.
    pub fn begin(&mut self) {
        self.start();
        let body = json!({
            "name": "Wei Chen",
            "email": "wei@example.com",
            "password": "correct horse battery",
            "language": "en",
            "chain_name": "Harbour & Hill",
            "reporting_currency": "SGD",
            "time_zone": "Asia/Singapore",
        });
        let answer = self.person().post("/api/setup", "", &body);
        self.cookie = answer.cookie.unwrap();
    }

    /// A program that has not been started yet.
    pub fn over(folder: TempDir, seed: u64) -> Self {
        Program {
            folder,
            listen: "127.0.0.1:0".to_owned(),
            child: None,
            lives: Arc::default(),
            cookie: String::new(),
            dice: ChaCha20Rng::seed_from_u64(seed),
            database_url: None,
            backups: None,
        }
    }

    /// Where its book is.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Spawns the process, perhaps inside another one; it may not listen yet.
    fn spawn(&mut self, inside: &[&str]) -> &mut Child {
        let log = self.folder.path().join("log");
        let log = File::options().create(true).append(true).open(log).unwrap();
        let words = [
            inside,
            &[BINARY, "serve", "--listen", &self.listen, "--data"],
        ]
        .concat();
        let child = Command::new(words[0])
            .args(&words[1..])
            .arg(self.data())
            .envs(self.book())
            .envs(
                self.backups
                    .iter()
                    .map(|folder| ("CLIENTELE_BACKUPS", folder)),
            )
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child.insert(child)
    }

    /// Starts and waits until it listens, always at the same address.
    pub fn start(&mut self) {
        self.start_inside(&[]);
    }

    /// Starts again under a tracer whose last option takes the file it writes.
    pub fn start_traced(&mut self, tracer: &[&str]) -> PathBuf {
        self.stop();
        let trace = self.folder.path().join("trace");
        self.start_inside(&[tracer, &[trace.to_str().unwrap()]].concat());
        trace
    }

    /// Starts with its data folder copied to a disk of so many mebibytes, which
    /// only the process sees; answers the way there.
    pub fn start_on_small_disk(&mut self, mebibytes: u32) -> PathBuf {
        let script = format!(
            "cp -r \"$0\" \"$0.old\" && mount -t tmpfs -o size={mebibytes}m none \"$0\" && \
             cp -r \"$0.old\"/. \"$0\" && exec \"$@\""
        );
        let data = self.data();
        let inside = [
            "unshare",
            "-rm",
            "sh",
            "-c",
            &script,
            data.to_str().unwrap(),
        ];
        self.start_inside(&inside);
        let id = self.child.as_ref().unwrap().id();
        let seen = PathBuf::from(format!("/proc/{id}/root"));
        seen.join(data.strip_prefix("/").unwrap())
    }

    /// Starts inside another command, whose words come before its own.
    pub fn start_inside(&mut self, inside: &[&str]) {
        let output = self.spawn(inside).stdout.take().unwrap();
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).unwrap();
        let Some(address) = line.trim().strip_prefix("listening on http://") else {
            panic!("the program did not start: {line}{}", self.log());
        };
        self.listen = address.to_owned();
        self.lives.begin();
    }

    /// Ends the process with SIGKILL.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Ends the process as a terminal would.
    pub fn stop(&mut self) {
        let mut child = self.child.take().unwrap();
        let id = child.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        assert!(child.wait().unwrap().success());
    }

    /// Runs one command of the command line over its data folder.
    pub fn command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(BINARY);
        command.args(arguments).arg("--data").arg(self.data());
        command.envs(self.book()).output().unwrap()
    }

    fn book(&self) -> impl Iterator<Item = (&str, &String)> {
        let url = self.database_url.iter();
        url.map(|url| ("CLIENTELE_DATABASE_URL", url))
    }

    /// Stops, and has `clientele check` prove that book and warehouse agree.
    #[track_caller]
    pub fn must_be_sound(&mut self) {
        self.stop();
        let check = self.command(&["check"]);
        let text = String::from_utf8_lossy(&check.stdout).into_owned();
        assert!(check.status.success(), "{text}");
    }

    /// What the process has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// A line of the process's figures, `VmRSS:` or `VmHWM:`, in bytes.
    pub fn memory(&self, figure: &str) -> u64 {
        let id = self.child.as_ref().unwrap().id();
        let text = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = text.lines().find(|line| line.starts_with(figure)).unwrap();
        let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kibibytes << 10
    }

    /// Lets `VmHWM:` begin anew.
    pub fn forget_peak(&self) {
        let id = self.child.as_ref().unwrap().id();
        std::fs::write(format!("/proc/{id}/clear_refs"), "5").unwrap();
    }

    /// Somebody who works with it.
    pub fn person(&self) -> Person {
        Person {
            address: self.listen.clone(),
            cookie: self.cookie.clone(),
            lives: self.lives.clone(),
        }
    }

    /// Waits for something over, or for a moment nobody can foresee; answers
    /// whether it is over.
    fn over_within(&mut self, over: &mpsc::Receiver<()>, least: u64, most: u64) -> bool {
        let moment = Duration::from_millis(least + self.dice.next_u64() % (most - least));
        !matches!(
            over.recv_timeout(moment),
            Err(mpsc::RecvTimeoutError::Timeout)
        )
    }

    /// Spawns the process and kills it at once or a little later, listening or not.
    pub fn start_and_kill(&mut self, most_millis: u64) {
        let (_never, over) = mpsc::channel();
        self.spawn(&[]);
        self.over_within(&over, 1, most_millis);
        self.kill();
    }

    /// Lets some people work and kills the program under them, at most so many
    /// times, each time at another moment; answers how often it was.
    pub fn kill_during(&mut self, most: usize, work: impl FnOnce(Person) + Send) -> usize {
        let person = self.person();
        let (end, over) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                work(person);
                let _ = end.send(());
            });
            let mut killed = 0;
            while killed < most && !self.over_within(&over, 50, 400) {
                self.kill();
                killed += 1;
                self.start();
            }
            killed
        })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill();
        }
    }
}

/// What the program answered.
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub text: String,
    pub etag: String,
    cookie: Option<String>,
}

/// Somebody at the program, signed in, who asks again when it was killed.
#[derive(Clone)]
pub struct Person {
    address: String,
    cookie: String,
    lives: Arc<Lives>,
}

impl Person {
    /// Reads something, however often the program dies meanwhile.
    pub fn get(&self, path: &str) -> Value {
        self.insist("GET", path, "", b"").body
    }

    /// Reads something that is plain text.
    pub fn text(&self, path: &str) -> String {
        self.insist("GET", path, "", b"").text
    }

    /// Does something once, under a key, and answers what came of it.
    #[track_caller]
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        let answer = self.insist("POST", path, &keyed(key), body.to_string().as_bytes());
        assert!(
            (200..300).contains(&answer.status),
            "{path}: {}",
            answer.body
        );
        answer
    }

    /// Asks for something that may be refused.
    pub fn try_post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.insist("POST", path, &keyed(key), body.to_string().as_bytes())
    }

    /// Sends text that need not be JSON.
    pub fn try_post_text(&self, path: &str, body: &str) -> Answer {
        self.insist("POST", path, "", body.as_bytes())
    }

    /// Reads something with its `ETag`.
    pub fn read(&self, path: &str) -> (Value, String) {
        let answer = self.insist("GET", path, "", b"");
        (answer.body, answer.etag)
    }

    /// Edits something as of an `ETag`, or without any.
    pub fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        let header = match etag {
            "" => String::new(),
            etag => format!("if-match: {etag}\r\n"),
        };
        self.insist("PATCH", path, &header, body.to_string().as_bytes())
    }

    /// Uploads a file and answers its id.
    pub fn upload(&self, key: &str, bytes: &[u8]) -> Value {
        let path = "/api/uploads?name=file.csv";
        self.insist("POST", path, &keyed(key), bytes).body["id"].clone()
    }

    /// Uploads a file that may be refused.
    pub fn try_upload(&self, bytes: &[u8]) -> Answer {
        self.insist("POST", "/api/uploads?name=file.csv", "", bytes)
    }

    /// Where the program listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits until something that has a state has ended, and answers it.
    pub fn end_of(&self, path: &str) -> Value {
        self.wait_until(|| {
            let state = self.get(path)["state"].clone();
            ["done", "failed", "cancelled"]
                .iter()
                .any(|end| state == *end)
        });
        self.get(path)
    }

    /// Waits until no job waits or runs.
    pub fn finish_all(&self) {
        let path = "/api/jobs?state=queued,running";
        self.wait_until(|| self.get(path)["items"].as_array().unwrap().is_empty());
    }

    /// Looks again at every event until something is so.
    pub fn wait_until(&self, over: impl Fn() -> bool) {
        loop {
            // Its head has come before the look, so no event is missed.
            let mut events = self.send("GET", "/api/events", "", b"").ok();
            if let Some(stream) = &events {
                stream.set_read_timeout(Some(LOOK_AGAIN)).unwrap();
            }
            let mut listen = || events.as_mut()?.read(&mut [0; 4096]).ok();
            let listening = listen().is_some_and(|count| count > 0);
            if over() {
                return;
            }
            if listening {
                listen();
            }
        }
    }

    fn insist(&self, method: &str, path: &str, header: &str, body: &[u8]) -> Answer {
        loop {
            let life = self.lives.now();
            match self.ask(method, path, header, body) {
                Ok(answer) => return answer,
                Err(_) => self.lives.wait_after(life),
            }
        }
    }

    fn ask(&self, method: &str, path: &str, header: &str, body: &[u8]) -> io::Result<Answer> {
        let mut text = Vec::new();
        self.send(method, path, header, body)?
            .read_to_end(&mut text)?;
        let text = String::from_utf8(text).map_err(io::Error::other)?;
        let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut_off)?;
        let field = |name: &str| {
            let mut lines = head.lines();
            lines.find_map(|line| {
                line.to_lowercase()
                    .starts_with(name)
                    .then(|| line[name.len()..].trim())
            })
        };
        let length = field("content-length:")
            .map_or(Ok(0), str::parse)
            .map_err(io::Error::other)?;
        if body.len() < length {
            return Err(cut_off());
        }
        let status = head
            .get(9..12)
            .and_then(|code| code.parse().ok())
            .ok_or_else(cut_off)?;
        let cookie = field("set-cookie:").and_then(|value| value.split(';').next());
        Ok(Answer {
            status,
            body: serde_json::from_str(body).unwrap_or(Value::Null),
            text: body.to_owned(),
            etag: field("etag:").unwrap_or_default().to_owned(),
            cookie: cookie.map(str::to_owned),
        })
    }

    fn send(&self, method: &str, path: &str, header: &str, body: &[u8]) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nx-clientele: 1\r\ncookie: {}\r\n{header}\
             content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.address,
            self.cookie,
            body.len()
        )?;
        stream.write_all(body)?;
        Ok(stream)
    }
}

/// The header of a request key, or none.
fn keyed(key: &str) -> String {
    match key {
        "" => String::new(),
        key => format!("idempotency-key: {key}\r\n"),
    }
}
