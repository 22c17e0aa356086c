import Orchestration
import Testing

/// The clients of services, in the spellings that turn reading into something else.
extension CommandLaneTests {
    @Test func `a flag's value is never taken for the verb`() {
        Self.check(
            [
                "docker --context ps rm -f x", "docker -H ps rm x", "docker --config logs run x",
                "systemctl -H status stop nginx", "vercel --scope ls rm app", "vercel -t ls rm app",
                "supabase --workdir status db reset", "stripe refunds create --reason list",
                "stripe customers delete --api-key tail cus_1", "stripe refunds create -d status",
                "kubectl rollout -n status restart deploy/x",
                "kubectl auth -n whoami reconcile -f x",
                "kubectl -n config --context view config delete-cluster x",
                "kubectl config --context view delete-context prod", "gh api list -X DELETE",
                "kubectl rollout --context history undo deploy/x", "gh somextension list",
            ], .execute)
    }

    @Test func `the last of two contradicting flags counts`() {
        Self.check(
            [
                "kubectl apply -f a --dry-run=client --dry-run=none",
                "kubectl delete pod x --dry-run=server --dry-run=none",
                "aws ec2 terminate-instances --instance-ids i-1 --dry-run --no-dry-run",
                "helm upgrade api c --dry-run=false", "helm upgrade api c --dry-run --dry-run=none",
                "helm uninstall api --dry-run=0",
            ], .execute)
        Self.checkNotReading(["terraform fmt -check -check=false"])
    }

    @Test func `whatever hands out a secret is for the execute lane`() {
        Self.check(
            [
                "aws secretsmanager batch-get-secret-value --secret-id-list x",
                "aws ssm get-parameters-by-path --path / --with-decryption",
                "aws ssm get-parameter-history --name x --with-decryption",
                "aws ecr get-authorization-token", "aws eks get-token --cluster-name x",
                "aws codeartifact get-authorization-token --domain x",
                "aws redshift get-cluster-credentials --db-user x", "aws sso get-role-credentials",
                "aws cognito-identity get-credentials-for-identity --identity-id x",
                "aws ec2 get-password-data --instance-id i-1 --priv-launch-key k",
                "gh auth status --show-token", "gh auth status -t",
            ], .execute)
    }

    @Test func `clients that write files do not only look`() {
        Self.checkNotReading([
            "aws apigateway get-export --rest-api-id a --stage-name b --export-type c out.json",
            "aws glacier get-job-output --account-id - out", "terraform providers lock",
            "terraform providers mirror d", "kubectl cluster-info dump --output-directory=d",
        ])
        Self.check(
            [
                "aws s3api get-object --bucket b --key k /etc/passwd",
                "kubectl cluster-info dump --output-directory=/etc/x",
                "terraform providers mirror /etc/x", "terraform plan -out=/etc/x",
            ], .execute)
    }

    @Test func `terraform init that moves state is a change`() {
        Self.check(
            [
                "terraform init -migrate-state -force-copy", "terraform init -migrate-state",
                "terraform init -reconfigure -migrate-state",
            ], .execute)
    }

    @Test func `clients that run a program of the caller's choice are for the execute lane`() {
        Self.check(
            [
                "helm template api c --post-renderer ./x", "kubectl --kubeconfig=./x get pods",
                "kubectl get pods --kubeconfig ./x", "helm list --kubeconfig=./x",
            ], .execute)
    }

    @Test func `variables that make a client run a program are seen`() {
        Self.check(
            [
                "AWS_PAGER='rm -rf x' aws ec2 describe-instances", "PSQLRC=./x psql -c 'select 1'",
                "AWS_CONFIG_FILE=./x aws s3 ls", "HOME=/tmp/x git log",
                "PSQL_PAGER=x psql -c 'show x'",
                "KUBECTL_EXTERNAL_DIFF=./x kubectl diff -f a",
                "SYSTEMD_PAGER=./x systemctl status a",
                "GH_PAGER=./x gh pr view 1", "CURL_HOME=. curl https://x",
                "XDG_CONFIG_HOME=. git log",
                "OPENSSL_CONF=./x openssl version", "SSLKEYLOGFILE=/etc/x curl https://x",
                "AWS_SHARED_CREDENTIALS_FILE=./x aws s3 ls", "SHELLOPTS=xtrace ls", "PS4='$(x)' ls",
            ], .execute)
    }

    @Test func `an exported variable is as dangerous as an assigned one`() {
        Self.check(
            [
                "export GIT_EXTERNAL_DIFF=./x; git diff", "export KUBECONFIG=./x; kubectl get pods",
                "export PAGER=./x; git log", "export BASH_ENV=./x",
                "export AWS_PAGER=./x; aws s3 ls",
                "export TF_CLI_ARGS=-x; terraform plan", "export IFS=x",
                "export DYLD_INSERT_LIBRARIES=x; ls", "export A=\"$(rm x)\"",
            ], .execute)
    }

    @Test func `psql reads one statement and writes nowhere`() {
        Self.check(
            [
                "psql -c 'select 1' -c'drop table x'", "psql -c 'select 1' -tAc 'drop table x'",
                "psql -c 'select 1' --comm='drop table x'", "psql -c 'select 1' -tf evil.sql",
                "psql -c 'select 1' --fil=evil.sql", "psql -c 'select 1' -f evil.sql",
                "psql -o '|rm -rf x' -c 'select 1'", "psql --output='|sh' -c 'select 1'",
                "psql -c 'select 1' -o /etc/x", "psql -c 'select 1' -L /etc/x",
                "psql -c 'select 1' --log-file=/etc/x", "psql -c 'select 1' -to '|sh'",
            ], .execute)
    }

    @Test func `functions that change a database are refused however they are called`() {
        Self.check(
            [
                "psql -c \"select pg_terminate_backend(1)\"", "psql -c 'select nextval(1)'",
                "psql -c \"select dblink_exec('c', 'dr'||'op table y')\"",
                "psql -c \"select query_to_xml('dr'||'op table x', true, true, '')\"",
                "psql -c 'select lo_unlink(1)'", "psql -c 'select pg_wal_replay_pause()'",
                "psql -c \"select pg_create_physical_replication_slot('x')\"",
                "psql -c \"select pg_logical_slot_get_changes('s', null, null)\"",
                "psql -c 'select pg_stat_reset_shared(1)'", "psql -c 'select my_function()'",
                "psql -c 'select U&\"pg\\005fterminate\\005fbackend\"(1)'",
                "psql -c 'SELECT PG_TERMINATE_BACKEND(1)'", "psql -c 'select/**/nextval(1)'",
            ], .execute)
    }
}
