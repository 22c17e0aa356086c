# CloudWatch alarms for what Prometheus cannot see. Module observability.
# Names are what the pager shows, so they match the runbooks word for word.

resource "aws_sns_topic" "pager" {
  name              = "${local.prefix}-pager"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_cloudwatch_metric_alarm" "subtasks_dlq_not_empty" {
  alarm_name          = "SQSSubtasksDLQNotEmpty"
  alarm_description   = "Subtasks have failed three times. Runbook: runbooks/sqs-redrive.md"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = "${local.prefix}-subtasks-dlq" }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.pager.arn]
  ok_actions          = [aws_sns_topic.pager.arn]
}

resource "aws_cloudwatch_metric_alarm" "aurora_connections" {
  alarm_name          = "AuroraConnectionsNearLimit"
  alarm_description   = "More than 850 of 1,000 connections. Runbook: runbooks/aurora-connections-exhausted.md"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions          = { DBClusterIdentifier = "${local.prefix}-vector" }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 850
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.pager.arn]
}

resource "aws_cloudwatch_metric_alarm" "redis_evictions" {
  for_each = toset(var.cache_node_ids)

  alarm_name          = "RedisEvictionsHigh-${each.key}"
  alarm_description   = "Sessions may be lost. Runbook: runbooks/elasticache-evictions.md"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  dimensions          = { CacheClusterId = each.key }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 10
  threshold           = 100
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.pager.arn]
}

# A ratio needs metric math; a single failed call at night must not page anybody.
resource "aws_cloudwatch_metric_alarm" "lambda_errors" {
  for_each = toset(["plan-export", "artifact-thumbnailer", "event-fanout", "secret-rotator"])

  alarm_name          = "LambdaErrorsHigh-${each.key}"
  alarm_description   = "Runbook: runbooks/lambda-timeouts.md"
  evaluation_periods  = 2
  threshold           = 2
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.pager.arn]

  metric_query {
    id          = "error_percent"
    expression  = "IF(invocations > 20, 100 * errors / invocations, 0)"
    label       = "Errors in percent"
    return_data = true
  }

  metric_query {
    id = "errors"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      dimensions  = { FunctionName = "${local.prefix}-${each.key}" }
      period      = 300
      stat        = "Sum"
    }
  }

  metric_query {
    id = "invocations"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      dimensions  = { FunctionName = "${local.prefix}-${each.key}" }
      period      = 300
      stat        = "Sum"
    }
  }
}

resource "aws_budgets_budget" "s3" {
  name         = "${local.prefix}-s3-monthly"
  budget_type  = "COST"
  limit_amount = "1200"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "Service"
    values = ["Amazon Simple Storage Service"]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    threshold                 = 100
    threshold_type            = "PERCENTAGE"
    notification_type         = "FORECASTED"
    subscriber_sns_topic_arns = [aws_sns_topic.pager.arn]
  }
}
