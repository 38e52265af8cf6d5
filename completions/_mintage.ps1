
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'mintage' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'mintage'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'mintage' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Set a project up: policy, store, identity, ignore rules')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Mint what the policy declares and the store lacks')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show every secret, its age and when it is due')
            [CompletionResult]::new('remind', 'remind', [CompletionResultType]::ParameterValue, 'Tell what is due or expiring')
            [CompletionResult]::new('score', 'score', [CompletionResultType]::ParameterValue, 'Judge values: stored, piped in, or in an env file')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace a secret by a new value and keep the old one as previous')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Bring existing values in')
            [CompletionResult]::new('reveal', 'reveal', [CompletionResultType]::ParameterValue, 'Print a stored value')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print new values and store nothing')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Tell the versions of secrets and what happened to them')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that nothing in the store was changed, swapped or lost')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Show presets, the policy and its mistakes')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            break
        }
        'mintage;init' {
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Preset or policy file to start from (see `mintage policy list`)')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Env file or example to infer the policy from (can be repeated)')
            [CompletionResult]::new('--recipient', '--recipient', [CompletionResultType]::ParameterName, 'Public key that can decrypt too, as [NAME=]age1… or [NAME=]ssh-… (can be repeated)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done and do nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;create' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment (or MINTAGE_ENV)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment (or MINTAGE_ENV)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Mint everything that is missing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;status' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment (can be repeated); all unless given (or MINTAGE_ENV)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment (can be repeated); all unless given (or MINTAGE_ENV)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer as of this time: 2026-11-21, 2026-11-21T10:00:00Z or +90d')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'How long before its date a secret counts as due soon')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--due', '--due', [CompletionResultType]::ParameterName, 'Show only what is due')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;remind' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment (can be repeated); all unless given (or MINTAGE_ENV)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment (can be repeated); all unless given (or MINTAGE_ENV)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer as of this time: 2026-11-21, 2026-11-21T10:00:00Z or +90d')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'How long before its date a secret counts as due soon')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'File for the report, replaced in one step')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;score' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment whose stored values to judge')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment whose stored values to judge')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Env file whose secrets to judge')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What the values are')
            [CompletionResult]::new('--tier', '--tier', [CompletionResultType]::ParameterName, 'How strict to be; the environment''s tier, or production')
            [CompletionResult]::new('--min-bits', '--min-bits', [CompletionResultType]::ParameterName, 'Random bits that a value must have at least')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;rotate' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment (or MINTAGE_ENV)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment (or MINTAGE_ENV)')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--i-have-reencrypted', '--i-have-reencrypted', [CompletionResultType]::ParameterName, 'Assert that whatever was encrypted with the old value is encrypted anew, or can be read without it')
            [CompletionResult]::new('--i-change-the-service', '--i-change-the-service', [CompletionResultType]::ParameterName, 'Assert that you give the new value to the service by hand, which read the old one on its first start only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;import' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment (or MINTAGE_ENV)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment (or MINTAGE_ENV)')
            [CompletionResult]::new('--dotenv', '--dotenv', [CompletionResultType]::ParameterName, 'Env file to take every declared secret from')
            [CompletionResult]::new('--created', '--created', [CompletionResultType]::ParameterName, 'When the value came into being: 2026-11-21')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'When it stops working by itself: 2026-11-21')
            [CompletionResult]::new('--from-file', '--from-file', [CompletionResultType]::ParameterName, 'File that holds the value (`-` is standard input)')
            [CompletionResult]::new('--from-env', '--from-env', [CompletionResultType]::ParameterName, 'Environment variable that holds the value')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Take a value of the wrong shape too')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be taken and take nothing')
            [CompletionResult]::new('--verbatim', '--verbatim', [CompletionResultType]::ParameterName, 'Keep a trailing newline, which is stripped otherwise')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;reveal' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment (or MINTAGE_ENV)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment (or MINTAGE_ENV)')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'The version; the current one unless given')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;generate' {
            [CompletionResult]::new('--bytes', '--bytes', [CompletionResultType]::ParameterName, 'Random bytes, before they are encoded')
            [CompletionResult]::new('--length', '--length', [CompletionResultType]::ParameterName, 'Characters')
            [CompletionResult]::new('--words', '--words', [CompletionResultType]::ParameterName, 'Words of a passphrase')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'How bytes become text')
            [CompletionResult]::new('--charset', '--charset', [CompletionResultType]::ParameterName, 'The characters to draw from: base62, digits, hex, letters, lower, printable, safe, upper')
            [CompletionResult]::new('--prefix', '--prefix', [CompletionResultType]::ParameterName, 'Fixed text in front')
            [CompletionResult]::new('--embed', '--embed', [CompletionResultType]::ParameterName, 'Consumers that read a value unescaped: characters they do not take are left out, values become longer')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'How many values')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'New file for the values, mode 0600; never overwritten')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Add bits, alphabet, overlap class, source and advice on standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;history' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment (can be repeated); all unless given')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment (can be repeated); all unless given')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only from this time on: 2026-11-21 or 2026-11-21T10:00:00Z')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;verify' {
            [CompletionResult]::new('--accept-rollback', '--accept-rollback', [CompletionResultType]::ParameterName, 'Accept that this secret is missing or older than this machine has seen it (can be repeated, with --fix)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--deep', '--deep', [CompletionResultType]::ParameterName, 'Decrypt every version too')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Remove leftovers, and seal anew what proves authentic')
            [CompletionResult]::new('--accept-store', '--accept-store', [CompletionResultType]::ParameterName, 'Accept that this directory holds another store than before (with --fix)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;policy' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the presets and the kinds')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what the policy comes to, with presets and overrides applied')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Find every mistake in a policy file')
            break
        }
        'mintage;policy;list' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;policy;show' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment (can be repeated); all unless given')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment (can be repeated); all unless given')
            [CompletionResult]::new('--preset', '--preset', [CompletionResultType]::ParameterName, 'Preset to show in place of the project''s policy, as the file that it is')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;policy;lint' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;completions' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
        'mintage;man' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Identity file to decrypt with (or MINTAGE_IDENTITY)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as one JSON document')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a missing answer is an error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
