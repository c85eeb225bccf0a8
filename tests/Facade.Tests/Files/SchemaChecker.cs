using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LayerTime.Facade.Tests.Files;

/// <summary>The part of JSON Schema that layertime-1.schema.json uses; a keyword it does not know is a failure, never ignored.</summary>
internal sealed class SchemaChecker(string schema)
{
    private static readonly HashSet<string> Silent = ["$schema", "$id", "$defs", "title", "description"];

    private readonly JsonElement root = JsonDocument.Parse(schema).RootElement;

    internal string? Check(string document) => Check(root, JsonDocument.Parse(document).RootElement, "$");

    private string? Check(JsonElement schema, JsonElement value, string path)
    {
        if (schema.ValueKind == JsonValueKind.True)
        {
            return null;
        }

        return schema.ValueKind == JsonValueKind.False
            ? $"{path}: nothing is allowed here"
            : schema.EnumerateObject().Select(keyword => Check(schema, keyword, value, path)).FirstOrDefault(problem => problem is not null);
    }

    private string? Check(JsonElement schema, JsonProperty keyword, JsonElement value, string path)
    {
        var rule = keyword.Value;
        bool isArray = value.ValueKind == JsonValueKind.Array, isObject = value.ValueKind == JsonValueKind.Object, isNumber = value.ValueKind == JsonValueKind.Number;
        bool Fits() => keyword.Name switch
        {
            "const" => JsonElement.DeepEquals(rule, value),
            "enum" => rule.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)),
            "type" => HasType(value, rule.GetString()!),
            "minimum" => !isNumber || value.GetDouble() >= rule.GetDouble(),
            "maximum" => !isNumber || value.GetDouble() <= rule.GetDouble(),
            "minItems" => !isArray || value.GetArrayLength() >= rule.GetInt32(),
            "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!),
            "required" => !isObject || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "oneOf" => rule.EnumerateArray().Count(option => Check(option, value, path) is null) == 1,
            "additionalProperties" => !isObject || value.EnumerateObject().All(property => schema.GetProperty("properties").TryGetProperty(property.Name, out _)),
            _ when Silent.Contains(keyword.Name) => true,
            _ => throw new NotSupportedException(keyword.Name),
        };

        return keyword.Name switch
        {
            "$ref" => Check(root.GetProperty("$defs").GetProperty(rule.GetString()!["#/$defs/".Length..]), value, path),
            "items" => isArray ? value.EnumerateArray().Select((item, i) => Check(rule, item, $"{path}[{i}]")).FirstOrDefault(problem => problem is not null) : null,
            "properties" => isObject
                ? rule.EnumerateObject().Select(property => value.TryGetProperty(property.Name, out var field) ? Check(property.Value, field, $"{path}.{property.Name}") : null)
                    .FirstOrDefault(problem => problem is not null)
                : null,
            _ => Fits() ? null : $"{path}: {keyword.Name} {rule}",
        };
    }

    private static bool HasType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        _ => throw new NotSupportedException(type),
    };
}
