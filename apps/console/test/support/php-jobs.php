<?php
// A small SOAP service for jobs, which PHP's own extension makes of the WSDL: its own reading of requests, and its own writing of
// responses. Run by `php -S`. Its jobs are in jobs.json. They change only by requests: POST /advance has each run process one more
// file, and end after the last.

$folder = getenv('JOBS_FOLDER');
ini_set('precision', '17');
ini_set('serialize_precision', '-1');
ini_set('soap.wsdl_cache_dir', $folder);
date_default_timezone_set('America/New_York');

const KINDS = ['uploadUrlsJob' => 'UrlUpload', 'imageServingPublishJob' => 'ImageServingPublish'];

/** A moment as the service writes it: with milliseconds and the offset of its zone. */
function moment(float $secondsFromNow = 0): string
{
    $time = DateTimeImmutable::createFromFormat('U.u', sprintf('%.6F', microtime(true) + $secondsFromNow));
    return $time->setTimezone(new DateTimeZone(date_default_timezone_get()))->format('Y-m-d\TH:i:s.vP');
}

/** The jobs, in the file. */
final class Jobs
{
    private array $all;

    public function __construct(private string $file)
    {
        $this->all = json_decode(file_get_contents($file), false, 512, JSON_THROW_ON_ERROR);
    }

    public function save(): void
    {
        // Whoever reads the file meanwhile reads all of it.
        file_put_contents("$this->file.new", json_encode($this->all, JSON_THROW_ON_ERROR));
        rename("$this->file.new", $this->file);
    }

    public function in(string $stage): array
    {
        return array_values(array_filter($this->all, fn($job) => $job->stage === $stage));
    }

    public function byHandle(string $handle, string ...$stages): object
    {
        foreach ($this->all as $job) {
            if ($job->handle === $handle && in_array($job->stage, $stages, true)) {
                return $job;
            }
        }
        throw fault('ipsApiFault', 30000, "no such job: $handle");
    }

    public function add(string $name, string $kind, object $payload, ?string $schedule): object
    {
        $number = count($this->all) + 1;
        $run = $name . '_' . moment();
        $job = (object) [
            'handle' => $schedule === null ? "j|6||$run|$number" : "j|6|$name||",
            'stage' => $schedule === null ? 'active' : 'scheduled',
            'name' => $schedule === null ? $run : $name,
            'originalName' => $name,
            'kind' => $kind,
            'payload' => $payload,
            'schedule' => $schedule,
            'trigger' => 'Normal',
            'state' => 'Running',
            'done' => 0,
            'total' => count($payload->urlArray->items ?? [null, null]),
            'started' => moment(),
            'ended' => null,
        ];
        $this->all[] = $job;
        return $job;
    }

    public function remove(object $job): void
    {
        $this->all = array_values(array_filter($this->all, fn($one) => $one !== $job));
    }

    public function advance(): void
    {
        foreach ($this->in('active') as $job) {
            if ($job->state === 'Running') {
                $job->done++;
            }
            if ($job->state === 'Stopping' || $job->done >= $job->total) {
                $job->stage = 'done';
                $job->ended = moment();
            }
        }
    }
}

function fault(string $type, int $code, string $reason): SoapFault
{
    $detail = (object) [$type => (object) ['code' => $code, 'reason' => $reason]];
    return new SoapFault('Client', 'FaultException', null, $detail, $type);
}

/** The operations; others are refused. */
final class Service
{
    private const COMPANY = [
        'companyHandle' => 'c|6',
        'name' => 'MyCompany',
        'rootPath' => 'MyCompany/',
        'expires' => '2099-01-01T00:00:00-05:00',
    ];
    private ?object $header = null;

    public function __construct(private Jobs $jobs)
    {
    }

    public function authHeader($header): void
    {
        $this->header = $header;
    }

    public function __call(string $operation, array $arguments)
    {
        if (($this->header->password ?? null) !== getenv('JOBS_PASSWORD')) {
            throw fault('authenticationFault', 10001, 'Invalid username/password');
        }
        $input = $arguments[0] ?? new stdClass();
        $answer = match ($operation) {
            'getUserInfo' => ['userInfo' => [
                'userHandle' => "u|1|{$this->header->user}",
                'firstName' => 'Ann',
                'lastName' => '',
                'email' => $this->header->user,
                'isValid' => true,
                'isIpsAdmin' => false,
            ]],
            'getCompanyMembership' => ['membershipArray' => ['items' => [
                ['company' => self::COMPANY, 'role' => 'IpsUser', 'isActive' => true],
            ]]],
            'getActiveJobs' => ['jobArray' => ['items' => array_map($this->active(...), $this->jobs->in('active'))]],
            'getScheduledJobs' => ['jobArray' => [
                'items' => array_map($this->scheduled(...), $this->jobs->in('scheduled')),
            ]],
            'getJobLogs' => ['jobLogArray' => ['items' => $this->logsFrom($input->startDate ?? '2000-01-01')]],
            'getJobLogDetails' => ['jobLogArray' => ['items' => [
                $this->log($this->jobs->byHandle($input->jobHandle, 'active', 'done'), true),
            ]]],
            'submitJob' => ['jobHandle' => $this->submit($input)],
            'stopJob' => $this->change($input, 'active', fn($job) => $job->state = 'Stopping'),
            'pauseJob' => $this->change($input, 'scheduled', fn($job) => $job->trigger = 'Paused'),
            'resumeJob' => $this->change($input, 'scheduled', fn($job) => $job->trigger = 'Normal'),
            'executeJob' => $this->change($input, 'scheduled', fn($job) => $this->jobs->add(
                $job->originalName,
                $job->kind,
                $job->payload,
                null,
            )),
            'deleteJob' => $this->change($input, 'scheduled', fn($job) => $this->jobs->remove($job)),
            default => throw fault('ipsApiFault', 20003, "$operation is not an operation of this service"),
        };
        $this->jobs->save();
        return $answer;
    }

    private function submit(object $input): string
    {
        foreach (array_keys(KINDS) as $kind) {
            if (isset($input->$kind)) {
                $schedule = $input->execSchedule ?? null;
                $this->jobs->add($input->jobName, $kind, $input->$kind, $schedule);
                return "j|6|{$input->jobName}||";
            }
        }
        throw fault('ipsApiFault', 30001, 'no kind of job that this service runs');
    }

    private function change(object $input, string $stage, callable $change): array
    {
        $change($this->jobs->byHandle($input->jobHandle, $stage));
        return [];
    }

    private function common(object $job): array
    {
        return [
            'companyHandle' => 'c|6',
            'jobHandle' => $job->handle,
            'name' => $job->name,
            'originalName' => $job->originalName,
            'type' => KINDS[$job->kind],
            'submitUserEmail' => $this->header->user,
            $job->kind => $job->payload,
        ];
    }

    private function scheduled(object $job): array
    {
        return $this->common($job) + [
            'execSchedule' => $job->schedule,
            'nextFireTime' => moment(7200),
            'timeZone' => 'America/New_York',
            'triggerState' => $job->trigger,
        ];
    }

    private function active(object $job): array
    {
        $phase = ['progressMessage' => 'Optimizing files', 'lastProgressUpdate' => moment()];
        $items = $job->done < $job->total
            ? [['itemName' => "file-{$job->done}.tif", 'progress' => 0.5] + $phase]
            : [];
        return $this->common($job) + $phase + [
            'state' => $job->state,
            'serverName' => 'php-1',
            'startDate' => $job->started,
            'triggerTime' => $job->started,
            'totalSize' => 123456789,
            'progress' => intdiv(100 * $job->done, $job->total),
            'taskProgressArray' => ['items' => [[
                'taskType' => 'com.scene7.upload.UploadAsyncTaskMonitor',
                'taskState' => 'Processing',
                'numProcessed' => $job->done,
                'numProcessing' => count($items),
                'numPending' => $job->total - $job->done - count($items),
                'progress' => $job->done / $job->total,
                'taskItemProgressArray' => ['items' => $items],
            ] + $phase]],
        ];
    }

    private function logsFrom(string $start): array
    {
        $runs = array_filter($this->jobs->in('done'), fn($job) => new DateTime($job->started) >= new DateTime($start));
        usort($runs, fn($one, $other) => strcmp($one->started, $other->started));
        return array_map(fn($job) => $this->log($job, false), $runs);
    }

    private function log(object $job, bool $hasRows): array
    {
        $row = fn($type, $message, $name = null) => [
            'logMessage' => $message,
            'logType' => $type,
            'dateCreated' => $job->started,
        ] + ($name === null ? [] : ['assetName' => $name, 'assetType' => 'Image']);
        $warning = $job->warning ?? null;
        $rows = [$row('BeginUploadUrls', 'The upload begins.')];
        for ($index = 0; $index < $job->done; $index++) {
            $rows[] = $row('UploadSuccess', "file-$index.tif is uploaded.", "file-$index");
        }
        if ($warning !== null) {
            $rows[] = $row('UploadWarning', $warning, $warning);
        }
        return [
            'companyHandle' => 'c|6',
            'jobHandle' => $job->handle,
            'jobName' => $job->name,
            'originalJobName' => $job->originalName,
            'submitUserEmail' => $this->header->user,
            'logType' => 'BeginUploadUrls',
            'jobSubType' => '',
            'startDate' => $job->started,
            'description' => '',
            'fileSuccessCount' => $job->done,
            'fileErrorCount' => 0,
            'fileWarningCount' => $warning === null ? 0 : 1,
            'fileDuplicateCount' => 0,
            'fileUpdateCount' => 0,
            'totalFileCount' => $job->total,
            'transferSuccessCount' => 0,
            'transferErrorCount' => 0,
            'transferWarningCount' => 0,
            'fatalError' => false,
        ] + ($job->ended === null ? [] : ['endDate' => $job->ended])
            + ($hasRows ? ['detailTotalRows' => count($rows), 'detailArray' => ['items' => $rows]] : []);
    }
}

$jobs = new Jobs("$folder/jobs.json");
if ($_SERVER['REQUEST_URI'] === '/advance') {
    $jobs->advance();
    $jobs->save();
    exit;
}
$server = new SoapServer(getenv('JOBS_WSDL'), [
    'cache_wsdl' => WSDL_CACHE_DISK,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
$server->setObject(new Service($jobs));
$server->handle();
