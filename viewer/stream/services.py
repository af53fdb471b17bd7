"""Who answers at a host: names of services for people. Whose dialect they speak is told by the body."""

from __future__ import annotations

_HOSTS = (
    ("openrouter.ai", "OpenRouter"),
    ("api.openai.com", "OpenAI"),
    (".openai.azure.com", "Azure OpenAI"),
    (".services.ai.azure.com", "Azure AI"),
    (".cognitiveservices.azure.com", "Azure AI"),
    ("api.anthropic.com", "Anthropic"),
    ("generativelanguage.googleapis.com", "Google Gemini"),
    ("aiplatform.googleapis.com", "Google Vertex AI"),
    ("bedrock-runtime.", "Amazon Bedrock"),
    ("bedrock-mantle.", "Amazon Bedrock"),
    ("api.groq.com", "Groq"),
    ("api.mistral.ai", "Mistral"),
    ("api.deepseek.com", "DeepSeek"),
    ("api.x.ai", "xAI"),
    ("api.z.ai", "Z.AI"),
    ("api.cerebras.ai", "Cerebras"),
    ("api.cohere.", "Cohere"),
    ("api.perplexity.ai", "Perplexity"),
    ("api.together.", "Together"),
    ("huggingface.co", "Hugging Face"),
    ("ai-gateway.vercel.sh", "Vercel AI Gateway"),
    ("ollama.com", "Ollama"),
    (":11434", "Ollama"),
    ("api.voyageai.com", "Voyage"),
    ("api.ai21.com", "AI21"),
    ("api.fireworks.ai", "Fireworks"),
    ("intelligence.io.solutions", "io.net"),
    ("ml.cloud.ibm.com", "IBM watsonx"),
    ("snowflakecomputing.com", "Snowflake Cortex"),
    ("inference.heroku.com", "Heroku"),
    ("dashscope", "Alibaba DashScope"),
    ("api.moonshot", "Moonshot"),
    ("api.githubcopilot.com", "GitHub Copilot"),
    ("models.github.ai", "GitHub Models"),
    ("models.inference.ai.azure.com", "GitHub Models"),
)


def service_of(host: str) -> str:
    """The service at `host` ("OpenRouter"), "" where it is none we know."""
    host = host.lower()
    return next((name for part, name in _HOSTS if part in host), "")
