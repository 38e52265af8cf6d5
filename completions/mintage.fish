# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mintage_global_optspecs
    string join \n C/dir= i/identity= json no-input q/quiet v/verbose color= h/help V/version
end

function __fish_mintage_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mintage_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mintage_using_subcommand
    set -l cmd (__fish_mintage_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mintage -n "__fish_mintage_needs_command" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_needs_command" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_needs_command" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_needs_command" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_needs_command" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_needs_command" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_needs_command" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_needs_command" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_needs_command" -s V -l version -d 'Print version'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "init" -d 'Set a project up: policy, store, identity, ignore rules'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "create" -d 'Mint what the policy declares and the store lacks'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "status" -d 'Show every secret and certificate, its age and when it is due'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "remind" -d 'Tell what is due or expiring'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "schedule" -d 'Print the files that let a scheduler run reminders every day'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "check" -d 'Check an env file or the process environment against the policy'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "score" -d 'Judge values: stored, piped in, or in an env file'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "rotate" -d 'Replace secrets by new values, in the store and wherever they are used'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "rollback" -d 'Bring the value before the current one back'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "restore" -d 'Bring back what was current at a time'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "push" -d 'Bring sinks to the current values'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "retire" -d 'End overlaps: have former values dropped wherever they are used'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "import" -d 'Bring existing values in'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "diff" -d 'Show two environments side by side, without any value'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "render" -d 'Write the values of an environment in a dialect'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "reveal" -d 'Print a stored value, or copy it'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "run" -d 'Run a command with the values of an environment'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "generate" -d 'Print new values and store nothing'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "history" -d 'Tell the versions of secrets and what happened to them'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "verify" -d 'Check that nothing in the store was changed, swapped or lost'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "doctor" -d 'Look around for what would expose a value or close the store'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "signoff" -d 'Confirm the state of an environment, or tell who has to yet'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "audit" -d 'Audit every secret of every environment at once'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "policy" -d 'Show presets, the policy and its mistakes'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "completions" -d 'Print a completion script'
complete -c mintage -n "__fish_mintage_needs_command" -f -a "man" -d 'Print the manual page'
complete -c mintage -n "__fish_mintage_using_subcommand init" -l policy -d 'Preset or policy file to start from (see `mintage policy list`)' -r
complete -c mintage -n "__fish_mintage_using_subcommand init" -l from -d 'Env file or example to infer the policy from (can be repeated)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand init" -l recipient -d 'Public key that can decrypt too, as [NAME=]age1… or [NAME=]ssh-… (can be repeated)' -r
complete -c mintage -n "__fish_mintage_using_subcommand init" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand init" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand init" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand init" -l keychain-identity -d 'Keep the identity that decrypts in the keychain, not in a file'
complete -c mintage -n "__fish_mintage_using_subcommand init" -l dry-run -d 'Show what would be done and do nothing'
complete -c mintage -n "__fish_mintage_using_subcommand init" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand init" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand init" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand init" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand init" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand create" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand create" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand create" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand create" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand create" -l all -d 'Mint everything that is missing'
complete -c mintage -n "__fish_mintage_using_subcommand create" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand create" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand create" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand create" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand create" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand status" -s e -l env -d 'The environment (can be repeated); all unless given (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand status" -l filter -d 'Show only rows like this: state=overdue, env=…, kind=…, name=STRIPE_*, owner=…, issuer=… (can be repeated)' -r
complete -c mintage -n "__fish_mintage_using_subcommand status" -l sort -d 'What the rows are sorted by: environment, due, age, name or state' -r -f -a "environment\t'By environment, in the order of the policy, then by name'
due\t'The soonest due first; what has no date last'
age\t'The oldest first; an unknown age is older than all'
name\t'By name, then by environment'
state\t'The worst first, then the soonest due'"
complete -c mintage -n "__fish_mintage_using_subcommand status" -l watch -d 'Stay and look again, every 60s unless another time is given; Ctrl-C ends it' -r
complete -c mintage -n "__fish_mintage_using_subcommand status" -l at -d 'Answer as of this time: 2026-11-21, 2026-11-21T10:00:00Z or +90d' -r
complete -c mintage -n "__fish_mintage_using_subcommand status" -l within -d 'How long before its date a secret or certificate counts as due soon' -r
complete -c mintage -n "__fish_mintage_using_subcommand status" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand status" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand status" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand status" -l due -d 'Show only what is due'
complete -c mintage -n "__fish_mintage_using_subcommand status" -l network -d 'Ask the hosts of certificates what they serve; what they showed before counts otherwise'
complete -c mintage -n "__fish_mintage_using_subcommand status" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand status" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand status" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand status" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand status" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -s e -l env -d 'The environment (can be repeated); all unless given (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l at -d 'Answer as of this time: 2026-11-21, 2026-11-21T10:00:00Z or +90d' -r
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l within -d 'How long before its date a secret or certificate counts as due soon' -r
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l format -d 'The form of the report' -r -f -a "text\t'For people'
json\t'For programs'
ics\t'A calendar of every date, iCalendar'
prometheus\t'Metrics of every secret and certificate, for node_exporter\'s textfile collector'
slack\t'A message for an incoming webhook of Slack'"
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l out -d 'File for the report, replaced in one step' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand remind" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand remind" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l network -d 'Ask the hosts of certificates what they serve; what they showed before counts otherwise'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l todo -d 'Write tasks in place of events; for --format ics'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l anonymous -d 'Name no secret, certificate or owner; for --format ics and prometheus'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l notify -d 'Tell the notifiers of the policy, as far as they were approved on this machine'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand remind" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -s e -l env -d 'The environment (can be repeated); all unless given (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -l at -d 'The local time of day' -r
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -l write -d 'Directory to write the files to, in place of printing them; other files are not overwritten' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -l rotate -d 'Rotate what is due in these environments too'
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand schedule" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand check" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand check" -l env-file -d 'Env file to check (`-` is standard input); the environment\'s own unless given' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand check" -l example -d 'Example to compare the names with, both ways; the environment\'s own unless given' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand check" -l format -d 'The form of the report' -r -f -a "table\t'For people'
json\t'For programs'
sarif\t'For code scanners: SARIF 2.1.0'"
complete -c mintage -n "__fish_mintage_using_subcommand check" -l fail-on -d 'The least serious finding that makes the environment not ready' -r -f -a "note\t'Everything'
warning\t'What should be mended'
error\t'What must be mended'"
complete -c mintage -n "__fish_mintage_using_subcommand check" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand check" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand check" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand check" -l process -d 'Check the environment of this process instead of a file'
complete -c mintage -n "__fish_mintage_using_subcommand check" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand check" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand check" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand check" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand check" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand score" -s e -l env -d 'The environment whose stored values to judge' -r
complete -c mintage -n "__fish_mintage_using_subcommand score" -l env-file -d 'Env file whose secrets to judge' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand score" -l kind -d 'What the values are' -r
complete -c mintage -n "__fish_mintage_using_subcommand score" -l tier -d 'How strict to be; the environment\'s tier, or production' -r -f -a "production\t'Real users, real money'
staging\t'As strict as production, with other data'
development\t'A person\'s machine'"
complete -c mintage -n "__fish_mintage_using_subcommand score" -l min-bits -d 'Random bits that a value must have at least' -r
complete -c mintage -n "__fish_mintage_using_subcommand score" -l hibp-file -d 'Look human-made values up in a local list of leaked passwords: SHA-1 in order, 20 bytes or `HASH:COUNT` each' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand score" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand score" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand score" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand score" -l explain -d 'Say how the figures came about'
complete -c mintage -n "__fish_mintage_using_subcommand score" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand score" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand score" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand score" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand score" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l reason -d 'Why' -r -f -a "compromise\t'Somebody else may know it'
departure\t'Somebody who knew it has left'
scheduled\t'Its time had come'
test\t'To see that it works'"
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l from-file -d 'File that holds the value (`-` is standard input)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l from-env -d 'Environment variable that holds the value' -r
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l all -d 'Rotate every secret that can be rotated'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l due -d 'Do what a timer is to do: go on with what is open, retire what is over, rotate what is due, tell the rest'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l dry-run -d 'Say what would be done and who is affected, and change nothing'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l abort -d 'Undo what is open: sinks go back to the current value'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l i-have-reencrypted -d 'Assert that whatever was encrypted with the old value is encrypted anew, or can be read without it'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l i-change-the-service -d 'Assert that you give the new value to the service by hand, which read the old one on its first start only'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l clipboard -d 'Take the value from the clipboard'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l verbatim -d 'Keep a trailing newline, which is stripped otherwise'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand rotate" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand rollback" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand restore" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand restore" -l at -d 'The time: 2026-11-21 (its end) or 2026-11-21T10:00:00Z' -r
complete -c mintage -n "__fish_mintage_using_subcommand restore" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand restore" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand restore" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand restore" -l dry-run -d 'Show what would be brought back and change nothing'
complete -c mintage -n "__fish_mintage_using_subcommand restore" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand restore" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand restore" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand restore" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand restore" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand push" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand push" -l sink -d 'The sink (can be repeated); all unless given' -r
complete -c mintage -n "__fish_mintage_using_subcommand push" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand push" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand push" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand push" -l dry-run -d 'Show what the sinks hold and tell them nothing'
complete -c mintage -n "__fish_mintage_using_subcommand push" -l overwrite-unknown-values -d 'Write over values that the store does not have; they are lost then'
complete -c mintage -n "__fish_mintage_using_subcommand push" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand push" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand push" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand push" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand push" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand retire" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand retire" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand retire" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand retire" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand retire" -l expired -d 'Every secret whose overlap is over'
complete -c mintage -n "__fish_mintage_using_subcommand retire" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand retire" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand retire" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand retire" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand retire" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand import" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand import" -l dotenv -d 'Env file to take every declared secret from' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand import" -l from -d 'What keeps the secrets: pass:FOLDER, gopass:, passage:, sops:FILE, kubernetes:FILE or docker:FILE (- is a pipe)' -r
complete -c mintage -n "__fish_mintage_using_subcommand import" -l map -d 'Which secret a name of the source stands for (can be repeated)' -r
complete -c mintage -n "__fish_mintage_using_subcommand import" -l created -d 'When the value came into being: 2026-11-21' -r
complete -c mintage -n "__fish_mintage_using_subcommand import" -l expires -d 'When it stops working by itself: 2026-11-21' -r
complete -c mintage -n "__fish_mintage_using_subcommand import" -l from-file -d 'File that holds the value (`-` is standard input)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand import" -l from-env -d 'Environment variable that holds the value' -r
complete -c mintage -n "__fish_mintage_using_subcommand import" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand import" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand import" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand import" -l process -d 'Take every declared secret of the environment of this process'
complete -c mintage -n "__fish_mintage_using_subcommand import" -l force -d 'Take a value of the wrong shape too'
complete -c mintage -n "__fish_mintage_using_subcommand import" -l dry-run -d 'Show what would be taken and take nothing'
complete -c mintage -n "__fish_mintage_using_subcommand import" -l clipboard -d 'Take the value from the clipboard'
complete -c mintage -n "__fish_mintage_using_subcommand import" -l verbatim -d 'Keep a trailing newline, which is stripped otherwise'
complete -c mintage -n "__fish_mintage_using_subcommand import" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand import" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand import" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand import" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand import" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand diff" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand diff" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand diff" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand diff" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand diff" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand diff" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand diff" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand diff" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand render" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand render" -l dialect -d 'Who reads it: dotenv, docker, compose, systemd, shell, json, k8s, node, python' -r -f -a "dotenv\t''
docker\t''
compose\t''
systemd\t''
shell\t''
json\t''
k8s\t''
node\t''
python\t''"
complete -c mintage -n "__fish_mintage_using_subcommand render" -l out -d 'New file for it, mode 0600, which git has to ignore; standard output unless given' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand render" -l only -d 'Write these only' -r
complete -c mintage -n "__fish_mintage_using_subcommand render" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand render" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand render" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand render" -l replace -d 'Take the place of a file that is there'
complete -c mintage -n "__fish_mintage_using_subcommand render" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand render" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand render" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand render" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand render" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -l version -d 'The version; the current one unless given' -r
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -l clear-after -d 'When to clear the clipboard, if it still holds the value: 45s unless given, 1h at most' -r
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -l copy -d 'Put the value on the clipboard, show nothing, and clear it after a while or with Ctrl-C'
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -l osc52 -d 'Ask the terminal to copy the value, over SSH too; it cannot be asked to clear it'
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand reveal" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand run" -s e -l env -d 'The environment (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand run" -l only -d 'Hand out only these secrets' -r
complete -c mintage -n "__fish_mintage_using_subcommand run" -l map -d 'Hand a secret out by another name (can be repeated)' -r
complete -c mintage -n "__fish_mintage_using_subcommand run" -l keep -d 'Pass this variable on too (can be repeated)' -r
complete -c mintage -n "__fish_mintage_using_subcommand run" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand run" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand run" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand run" -l clean -d 'Pass nothing of this environment on but what every program needs'
complete -c mintage -n "__fish_mintage_using_subcommand run" -l no-check -d 'Hand the values out whatever the checks say'
complete -c mintage -n "__fish_mintage_using_subcommand run" -l dry-run -d 'Tell what would be set and run nothing'
complete -c mintage -n "__fish_mintage_using_subcommand run" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand run" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand run" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand run" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand run" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l bytes -d 'Random bytes, before they are encoded' -r
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l length -d 'Characters' -r
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l words -d 'Words of a passphrase' -r
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l encoding -d 'How bytes become text' -r -f -a "base64\t'Standard base64 with padding (RFC 4648 §4)'
base64url\t'base64url without padding (RFC 4648 §5)'
hex\t'Lower-case hexadecimal'"
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l charset -d 'The characters to draw from: base62, digits, hex, letters, lower, printable, safe, upper' -r
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l prefix -d 'Fixed text in front' -r
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l embed -d 'Consumers that read a value unescaped: characters they do not take are left out, values become longer' -r -f -a "compose\t'A Docker Compose file, which is YAML where `$` starts a variable, and the env files that it names'
docker\t'A Docker env file, which takes every line as it is'
dotenv\t'An env file'
json\t'A JSON string'
pgpass\t'A password file of PostgreSQL, or `password=` of a connection string made of keywords'
php\t'A PHP string in single or double quotes, or a bare value of a PHP INI file'
shell\t'A POSIX shell'
systemd\t'A systemd unit or environment file'
url\t'User information of a URL (RFC 3986 §3.2.1): unreserved characters only'
yaml\t'A plain YAML scalar'"
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l form -d 'Forms to print each value in: value, or what --explain names, such as private-jwk or otpauth' -r
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l count -d 'How many values' -r
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l out -d 'New file for the values, mode 0600; never overwritten' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l clear-after -d 'When to clear the clipboard, if it still holds the value: 45s unless given, 1h at most' -r
complete -c mintage -n "__fish_mintage_using_subcommand generate" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand generate" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l copy -d 'Put the value on the clipboard, show nothing, and clear it after a while or with Ctrl-C'
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l osc52 -d 'Ask the terminal to copy the value, over SSH too; it cannot be asked to clear it'
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l explain -d 'Add bits, alphabet, overlap class, source and advice on standard error'
complete -c mintage -n "__fish_mintage_using_subcommand generate" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand generate" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand generate" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand generate" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand history" -s e -l env -d 'The environment (can be repeated); all unless given' -r
complete -c mintage -n "__fish_mintage_using_subcommand history" -l since -d 'Only from this time on: 2026-11-21 or 2026-11-21T10:00:00Z' -r
complete -c mintage -n "__fish_mintage_using_subcommand history" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand history" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand history" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand history" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand history" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand history" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand history" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand history" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand verify" -l accept-rollback -d 'Accept that this secret is missing or older than this machine has seen it (can be repeated, with --fix)' -r
complete -c mintage -n "__fish_mintage_using_subcommand verify" -l evidence -d 'Check evidence of `mintage audit --evidence` instead; needs neither store nor project' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand verify" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand verify" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand verify" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand verify" -l deep -d 'Decrypt every version too'
complete -c mintage -n "__fish_mintage_using_subcommand verify" -l fix -d 'Remove leftovers, and seal anew what proves authentic'
complete -c mintage -n "__fish_mintage_using_subcommand verify" -l accept-store -d 'Accept that this directory holds another store than before (with --fix)'
complete -c mintage -n "__fish_mintage_using_subcommand verify" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand verify" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand verify" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand verify" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand verify" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand doctor" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand doctor" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand doctor" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand doctor" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand doctor" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand doctor" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand doctor" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -l role -d 'The role of the policy that you confirm as' -r
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -s e -l env -d 'The environment (or MINTAGE_ENV); with --status, all in which the policy wants it unless given' -r
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -l despite-findings -d 'Confirm although the check finds errors; their number is recorded'
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -l status -d 'Tell which roles have confirmed the present state'
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand signoff" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand audit" -s e -l env -d 'The environment (can be repeated); all unless given (or MINTAGE_ENV)' -r
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l format -d 'The form of the report' -r -f -a "table\t'For people'
json\t'For programs'
csv\t'For spreadsheets: one row for each finding'
html\t'For a browser and for paper: one page that needs nothing else'
sarif\t'For code scanners: SARIF 2.1.0'
junit\t'For continuous integration, as results of tests'
markdown\t'For comments and wikis'"
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l out -d 'File for the report, mode 0600, replaced in one step; for evidence it must be new' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l fail-on -d 'The least serious finding that counts' -r -f -a "note\t'Everything'
warning\t'What should be mended'
error\t'What must be mended'"
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l at -d 'Answer as of this time: 2026-11-21, 2026-11-21T10:00:00Z or +90d' -r
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l within -d 'How long before its date a secret or certificate counts as due soon' -r
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l from -d 'The first day of the evidence: 2026-01-01 or 2026-01-01T00:00:00Z' -r
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l to -d 'The last day of the evidence; now unless given' -r
complete -c mintage -n "__fish_mintage_using_subcommand audit" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand audit" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l network -d 'Ask the hosts of certificates what they serve; what they showed before counts otherwise'
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l evidence -d 'Write evidence of a period, without any value, for auditors'
complete -c mintage -n "__fish_mintage_using_subcommand audit" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand audit" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand audit" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand audit" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -f -a "approve" -d 'Allow the programs of command sinks to run on this machine, and notifiers to send'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -f -a "list" -d 'List the presets and the kinds'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -f -a "show" -d 'Show what the policy comes to, with presets and overrides applied'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -f -a "explain" -d 'Tell where every rule about a secret or variable comes from'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -f -a "lint" -d 'Find every mistake in a policy file'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and not __fish_seen_subcommand_from approve list show explain lint schema" -f -a "schema" -d 'Print the JSON Schema of policy files, for editors'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -l list -d 'Show what is approved and what is not, and change nothing'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -l revoke -d 'Take approvals back'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -s y -l yes -d 'Approve what is shown without being asked'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from list" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from list" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from list" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -s e -l env -d 'The environment (can be repeated); all unless given' -r
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -l preset -d 'Preset to show in place of the project\'s policy, as the file that it is' -r
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -s e -l env -d 'The environment (can be repeated); all unless given' -r
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from lint" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from lint" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from lint" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from lint" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from lint" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from lint" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from schema" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from schema" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from schema" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from schema" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from schema" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand policy; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand completions" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand completions" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand completions" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand completions" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand completions" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand completions" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand completions" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand completions" -s v -l verbose -d 'Say more'
complete -c mintage -n "__fish_mintage_using_subcommand man" -s C -l dir -d 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand man" -s i -l identity -d 'Identity file to decrypt with (or MINTAGE_IDENTITY)' -r -F
complete -c mintage -n "__fish_mintage_using_subcommand man" -l color -d 'When to colour' -r -f -a "auto\t'On terminals'
always\t'Everywhere'
never\t'Nowhere'"
complete -c mintage -n "__fish_mintage_using_subcommand man" -s h -l help -d 'Print help'
complete -c mintage -n "__fish_mintage_using_subcommand man" -l json -d 'Report as one JSON document'
complete -c mintage -n "__fish_mintage_using_subcommand man" -l no-input -d 'Never ask; a missing answer is an error'
complete -c mintage -n "__fish_mintage_using_subcommand man" -s q -l quiet -d 'Say less'
complete -c mintage -n "__fish_mintage_using_subcommand man" -s v -l verbose -d 'Say more'
